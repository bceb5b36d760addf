import {
  addDays,
  clockMinutes,
  instantOf,
  isDate,
  localOf,
  mondayOf,
  weekdayOf,
} from "@workspace/i18n/zoned";
import type { Stretch } from "./layout";
import type { Appointment, CalendarSpecialist, ClockRange, DateOverride, WeekHours } from "./wire";

export const calendarViews = ["day", "week"] as const;
export type CalendarView = (typeof calendarViews)[number];

/** What the address of the calendar says. */
export interface CalendarQuery {
  view: CalendarView;
  date: string;
  /** Empty is everybody. */
  specialists: string[];
  visit: string | null;
}

type Search = Record<string, string | string[] | undefined>;
const text = (value: string | string[] | undefined) => (typeof value === "string" ? value : "");

export function readQuery(search: Search, today: string): CalendarQuery {
  const date = text(search.date);
  return {
    view: calendarViews.find((view) => view === search.view) ?? "day",
    date: isDate(date) ? date : today,
    specialists: text(search.specialists).split(",").filter(Boolean),
    visit: text(search.visit) || null,
  };
}

/** The address of a calendar; what is as usual is left out. */
export function calendarHref(query: CalendarQuery, today: string): string {
  const search = new URLSearchParams();
  if (query.view !== "day") search.set("view", query.view);
  if (query.date !== today) search.set("date", query.date);
  if (query.specialists.length > 0) search.set("specialists", query.specialists.join(","));
  if (query.visit) search.set("visit", query.visit);
  const rest = search.toString();
  return rest ? `/calendar?${rest}` : "/calendar";
}

/** The local days that a view shows. */
export function daysOf(view: CalendarView, date: string): string[] {
  if (view === "day") return [date];
  const monday = mondayOf(date);
  return Array.from({ length: 7 }, (_, day) => addDays(monday, day));
}

export function stepDate(view: CalendarView, date: string, direction: 1 | -1): string {
  return addDays(date, direction * (view === "day" ? 1 : 7));
}

export interface Rules {
  week: WeekHours;
  overrides: DateOverride[];
}

const stretches = (ranges: readonly ClockRange[]): Stretch[] =>
  ranges.flatMap(({ start, end }) => {
    const [from, to] = [clockMinutes(start), clockMinutes(end)];
    return from === null || to === null || to <= from ? [] : [{ start: from, end: to }];
  });

function subtract(open: Stretch[], { start, end }: Stretch): Stretch[] {
  return open.flatMap((each) => {
    if (end <= each.start || start >= each.end) return [each];
    return [
      { start: each.start, end: start },
      { start: end, end: each.end },
    ].filter((part) => part.end > part.start);
  });
}

/** Working hours of one local day: an available override replaces the week's, an unavailable one takes away or empties the day. */
export function openHours(rules: Rules, date: string): Stretch[] {
  const weekday = weekdayOf(date) + 1;
  const today = rules.overrides.filter((override) => override.date === date);
  const replaced = today.find(({ available }) => available);
  let open = stretches(
    replaced ? replaced.ranges : rules.week.hours.filter((row) => row.weekday === weekday),
  );
  for (const { available, ranges } of today) {
    if (available) continue;
    if (ranges.length === 0) return [];
    for (const range of stretches(ranges)) open = subtract(open, range);
  }
  return open;
}

export interface CalendarEvent extends Stretch {
  id: string;
  visit: Appointment;
}

export interface CalendarColumn {
  key: string;
  date: string;
  /** Null in the week view, where a column is a day of everybody shown. */
  specialist: CalendarSpecialist | null;
  open: Stretch[];
  events: CalendarEvent[];
}

function eventsOn(
  visits: readonly Appointment[],
  date: string,
  zone: string,
  specialist: string | null,
): CalendarEvent[] {
  const [from, to] = [instantOf(date, 0, zone), instantOf(addDays(date, 1), 0, zone)];
  return visits
    .filter((visit) => specialist === null || visit.specialist_id === specialist)
    .filter((visit) => Date.parse(visit.start) < to && Date.parse(visit.end) > from)
    .map((visit) => {
      const start = Date.parse(visit.start) < from ? 0 : localOf(visit.start, zone).minute;
      const end = Date.parse(visit.end) >= to ? 1440 : localOf(visit.end, zone).minute;
      return { id: visit.id, visit, start, end: Math.max(end, start + 5) };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

function union(parts: Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && part.start <= last.end) last.end = Math.max(last.end, part.end);
    else out.push({ ...part });
  }
  return out;
}

export interface CalendarData {
  specialists: CalendarSpecialist[];
  visits: Appointment[];
  rules: Record<string, Rules>;
}

const noRules: Rules = { week: { timezone: null, hours: [] }, overrides: [] };

/** The columns of a view: one per specialist in the day view, one per day in the week view. */
export function columnsOf(
  data: CalendarData,
  view: CalendarView,
  date: string,
  zone: string,
): CalendarColumn[] {
  const shown = data.visits.filter((visit) =>
    data.specialists.some((specialist) => specialist.id === visit.specialist_id),
  );
  if (view === "day") {
    return data.specialists.map((specialist) => ({
      key: specialist.id,
      date,
      specialist,
      open: openHours(data.rules[specialist.id] ?? noRules, date),
      events: eventsOn(shown, date, zone, specialist.id),
    }));
  }
  return daysOf("week", date).map((day) => ({
    key: day,
    date: day,
    specialist: null,
    open: union(data.specialists.flatMap(({ id }) => openHours(data.rules[id] ?? noRules, day))),
    events: eventsOn(shown, day, zone, null),
  }));
}
