import { addDays, daysBetween, isDate, mondayOf } from "@workspace/i18n/zoned";
import type { DateOverride } from "./wire";

/** Local dates only: a day of a specialist is the same day wherever the browser stands. */
export type Kind = "off" | "part" | "extra";

/** What an exception does to its day; other hours without any are a day off too. */
export function kindOf({ available, ranges }: Pick<DateOverride, "available" | "ranges">): Kind {
  if (ranges.length === 0) return "off";
  return available ? "extra" : "part";
}

/** A month, `YYYY-MM`, of an address; the one of today when there is none. */
export function monthOf(value: unknown, today: string): string {
  return typeof value === "string" && isDate(`${value}-01`) ? value : today.slice(0, 7);
}

export function stepMonth(month: string, step: 1 | -1): string {
  const first = `${month}-01`;
  return (step === 1 ? addDays(first, 32) : addDays(first, -1)).slice(0, 7);
}

/** The weeks of a month from Monday to Sunday, with the days of its neighbours that fill them. */
export function weeksOf(month: string): string[][] {
  const first = mondayOf(`${month}-01`);
  const after = `${stepMonth(month, 1)}-01`;
  const count = Math.ceil(daysBetween(first, after) / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => addDays(first, week * 7 + day)),
  );
}

/** First and last day that the picture of a month shows. */
export function spanOf(month: string): { from: string; to: string } {
  const weeks = weeksOf(month);
  return { from: weeks[0]?.[0] ?? `${month}-01`, to: weeks.at(-1)?.[6] ?? `${month}-28` };
}

/** The exceptions by day; the kind that takes the whole day stands first. */
export function byDate(overrides: readonly DateOverride[]): Map<string, DateOverride[]> {
  const order: Kind[] = ["off", "extra", "part"];
  const out = new Map<string, DateOverride[]>();
  for (const each of overrides) out.set(each.date, [...(out.get(each.date) ?? []), each]);
  for (const list of out.values()) list.sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
  return out;
}

const keys: Record<string, (date: string) => string> = {
  ArrowLeft: (date) => addDays(date, -1),
  ArrowRight: (date) => addDays(date, 1),
  ArrowUp: (date) => addDays(date, -7),
  ArrowDown: (date) => addDays(date, 7),
  Home: (date) => mondayOf(date),
  End: (date) => addDays(mondayOf(date), 6),
};

/** Where a key leads from a day; null when it leads nowhere. */
export function dayOfKey(key: string, date: string): string | null {
  return keys[key]?.(date) ?? null;
}

export interface Selection {
  /** The day that was chosen first. */
  anchor: string;
  /** The day that was chosen last; it may be the earlier one. */
  end: string;
}

/** First and last day of a selection. */
export function bounds({ anchor, end }: Selection): { from: string; to: string } {
  return anchor <= end ? { from: anchor, to: end } : { from: end, to: anchor };
}

export function isSelected(selection: Selection | null, date: string): boolean {
  if (!selection) return false;
  const { from, to } = bounds(selection);
  return from <= date && date <= to;
}
