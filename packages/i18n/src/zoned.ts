/**
 * Days and minutes of a clinic's zone. A local date is `YYYY-MM-DD`, an instant is milliseconds or RFC 3339, minutes count from
 * local midnight by the wall clock.
 */
export interface LocalTime {
  date: string;
  minute: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(timeZone: string): Intl.DateTimeFormat {
  let found = clocks.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-CA", {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone,
    });
    clocks.set(timeZone, found);
  }
  return found;
}

/** The wall clock of a zone at an instant. */
export function localOf(instant: string | number, timeZone: string): LocalTime {
  const part: Record<string, string> = {};
  for (const { type, value } of clock(timeZone).formatToParts(new Date(instant))) part[type] = value;
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

const utcOf = (date: string, minute: number) => Date.parse(`${date}T00:00:00Z`) + minute * 60_000;

/**
 * The first instant at which a zone's clock shows that time; a time that is skipped in spring becomes the instant of the jump.
 * `minute` may be 1440, the end of the day.
 */
export function instantOf(date: string, minute: number, timeZone: string): number {
  const wanted = utcOf(date, minute);
  const offset = (at: number) => {
    const local = localOf(at, timeZone);
    return utcOf(local.date, local.minute) - Math.floor(at / 60_000) * 60_000;
  };
  const candidates = [offset(wanted - 86_400_000), offset(wanted + 86_400_000)].map(
    (shift) => wanted - shift,
  );
  const exact = candidates.filter((at) => at + offset(at) === wanted);
  return exact.length > 0
    ? Math.min(...exact)
    : jump(Math.min(...candidates), Math.max(...candidates), offset);
}

/** The minute in which a zone's clock jumps between two instants. */
function jump(low: number, high: number, offset: (at: number) => number): number {
  const before = offset(low);
  let [from, to] = [low, high];
  while (to - from > 60_000) {
    const middle = Math.floor((from + to) / 120_000) * 60_000;
    if (offset(middle) === before) from = middle;
    else to = middle;
  }
  return to;
}

/** The date that many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Days from one date to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000);
}

/** 0 is Monday, as the week starts in both languages. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
}

/** The Monday on or before a date. */
export function mondayOf(date: string): string {
  return addDays(date, -weekdayOf(date));
}

/** True for a date of the calendar written as `YYYY-MM-DD`. */
export function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = Date.parse(`${value}T12:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === value;
}

/** `08:30` of minutes; 1440 is `24:00`. */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Minutes of `08:30`; null when it is no time of the day. `24:00` is the end of the day. */
export function clockMinutes(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= 1440 ? minute : null;
}
