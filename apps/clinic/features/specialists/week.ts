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

const clamp = (minute: number) => Math.min(1440, Math.max(0, minute));

/** The range in two, with a break of half an hour (an hour for a long one) in its middle; null when it is too short for that. */
export function splitRange({ start, end }: ClockRange): [ClockRange, ClockRange] | null {
  const [from, to] = [clockMinutes(start), clockMinutes(end)];
  if (from === null || to === null || to - from < 90) return null;
  const pause = to - from >= 360 ? 60 : 30;
  const middle = Math.round((from + to - pause) / 2 / 30) * 30;
  return [
    { start: clockText(from), end: clockText(middle) },
    { start: clockText(middle + pause), end: clockText(to) },
  ];
}

/** The time so many minutes later, within the day; what is no time stays as it was typed. */
export function stepped(text: string, minutes: number): string {
  const minute = clockMinutes(text);
  return minute === null ? text : clockText(clamp(Math.round((minute + minutes) / 15) * 15));
}

/** Two hours around a minute of the day that is free, cut at what stands beside it; null when nothing is free there. */
export function rangeAround(ranges: readonly ClockRange[], minute: number): ClockRange | null {
  const taken = ranges.flatMap(({ start, end }) => {
    const [from, to] = [clockMinutes(start), clockMinutes(end)];
    return from === null || to === null ? [] : [{ from, to }];
  });
  if (taken.some(({ from, to }) => from <= minute && minute < to)) return null;
  const low = Math.max(0, ...taken.filter(({ to }) => to <= minute).map(({ to }) => to));
  const high = Math.min(1440, ...taken.filter(({ from }) => from > minute).map(({ from }) => from));
  const start = Math.max(low, Math.floor(minute / 60) * 60);
  const end = Math.min(high, start + 120);
  return end - start < 15 ? null : { start: clockText(start), end: clockText(end) };
}

export interface Block {
  /** Place in the day, in hundredths of the shown hours. */
  left: number;
  width: number;
  text: string;
}

/** The hours that the week's picture shows: the usual day, wider when somebody works earlier or later. */
export function shownHours(week: Week): { from: number; to: number } {
  const minutes = week
    .flat()
    .flatMap(({ start, end }) => [clockMinutes(start) ?? 480, clockMinutes(end) ?? 480]);
  const from = Math.floor(Math.min(420, ...minutes) / 60);
  return { from, to: Math.ceil(Math.max(1200, ...minutes) / 60) };
}

/** The ranges of a day as blocks of the picture; what is no range yet is not drawn. */
export function blocksOf(
  ranges: readonly ClockRange[],
  hours: { from: number; to: number },
): (Block | null)[] {
  const [low, length] = [hours.from * 60, (hours.to - hours.from) * 60];
  return ranges.map(({ start, end }) => {
    const [from, to] = [clockMinutes(start), clockMinutes(end)];
    if (from === null || to === null || to <= from) return null;
    return {
      left: ((from - low) / length) * 100,
      width: ((to - from) / length) * 100,
      text: `${clockText(from)}–${clockText(to)}`,
    };
  });
}

/** The week with one day's ranges on other days too. */
export function copiedTo(week: Week, from: number, days: readonly number[]): Week {
  return week.map((ranges, day) =>
    day !== from && days.includes(day) ? (week[from] ?? []).map((range) => ({ ...range })) : ranges,
  );
}
