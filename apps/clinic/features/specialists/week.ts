import { clockMinutes, clockText } from "@workspace/i18n/zoned";
import type { ClockRange, WeekHours } from "./wire";

/** One line of the editor; what is typed stays as it is until it is a time. */
export type Week = ClockRange[][];

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** Seven lists of ranges, Monday first. */
export function weekOf(hours: WeekHours["hours"]): Week {
  return weekdays.map((weekday) =>
    hours
      .filter((row) => row.weekday === weekday)
      .map(({ start, end }) => ({ start, end }))
      .sort((a, b) => a.start.localeCompare(b.start)),
  );
}

export type RangeProblem = "time" | "range" | "overlap";

/** What is wrong with each range of one day, in their order; null is right. */
export function rangeProblems(ranges: readonly ClockRange[]): (RangeProblem | null)[] {
  const parsed = ranges.map(({ start, end }) => ({ from: clockMinutes(start), to: clockMinutes(end) }));
  return parsed.map(({ from, to }, index) => {
    if (from === null || to === null || from >= 1440) return "time";
    if (to <= from) return "range";
    const earlier = parsed.slice(0, index);
    const meets = earlier.some(
      (other) => other.from !== null && other.to !== null && other.from < to && from < other.to,
    );
    return meets ? "overlap" : null;
  });
}

/** True when every range of the week may be sent. */
export function weekIsValid(week: Week): boolean {
  return week.every((ranges) => rangeProblems(ranges).every((problem) => problem === null));
}

/** A range as the API takes it: two digits for the hour. */
export function tidyRange({ start, end }: ClockRange): ClockRange {
  const tidy = (text: string) => {
    const minute = clockMinutes(text);
    return minute === null ? text : clockText(minute);
  };
  return { start: tidy(start), end: tidy(end) };
}

/** The body of the week. */
export function weekBody(week: Week): WeekHours["hours"] {
  return week.flatMap((ranges, day) => ranges.map((range) => ({ weekday: day + 1, ...tidyRange(range) })));
}

/** Minutes of work in a week of valid ranges. */
export function weekMinutes(week: Week): number {
  return week.flat().reduce((sum, { start, end }) => {
    const [from, to] = [clockMinutes(start), clockMinutes(end)];
    return from === null || to === null || to < from ? sum : sum + to - from;
  }, 0);
}

/** The next free range to offer in a day: after the last one, an hour later at the latest until 20:00. */
export function nextRange(ranges: readonly ClockRange[]): ClockRange {
  const last = Math.max(0, ...ranges.map(({ end }) => clockMinutes(end) ?? 0));
  if (last === 0) return { start: "09:00", end: "17:00" };
  const start = Math.min(last + 60, 1380);
  return { start: clockText(start), end: clockText(Math.min(start + 180, 1440)) };
}
