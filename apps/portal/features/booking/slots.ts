import { addDays, localOf } from "@workspace/i18n/zoned";
import type { Slot } from "./wire";

/** A start on the page; a taken one was free when the page first showed it. */
export interface SlotView extends Slot {
  taken: boolean;
}

export interface DaySlots {
  /** Local date in the visitor's zone. */
  date: string;
  free: number;
  slots: SlotView[];
}

/** Milliseconds from the first to the last instant that an answer speaks about, half-open. */
export interface Span {
  from: number;
  to: number;
}

const at = (slot: Slot) => Date.parse(slot.start);

/**
 * Puts a fresh answer in place of what was known about its span. A start that vanished stays and is marked as taken, so that
 * nothing jumps under a finger; starts outside the span are kept as they are. `own` is the start that this visitor holds: the API no
 * longer offers it, but to its holder it is not taken.
 */
export function mergeSlots(
  known: readonly SlotView[],
  fresh: readonly Slot[],
  span: Span,
  own: string | null,
): SlotView[] {
  const offered = new Set(fresh.map(at));
  const ownAt = own === null ? null : Date.parse(own);
  const kept = known.flatMap((slot) => {
    const start = at(slot);
    if (start < span.from || start >= span.to) return [slot];
    if (offered.has(start)) return [];
    return [{ ...slot, taken: start !== ownAt }];
  });
  return [...kept, ...fresh.map((slot) => ({ ...slot, taken: false }))].sort((a, b) => at(a) - at(b));
}

/** Slots by local day of a zone, for every day from `first` on, `days` long; days without a slot are there and empty. */
export function groupByDay(
  slots: readonly SlotView[],
  timeZone: string,
  first: string,
  days: number,
): DaySlots[] {
  const groups = new Map<string, SlotView[]>();
  for (let day = 0; day < days; day += 1) groups.set(addDays(first, day), []);
  for (const slot of slots) groups.get(localOf(slot.start, timeZone).date)?.push(slot);
  return [...groups].map(([date, list]) => ({
    date,
    slots: list,
    free: list.filter(({ taken }) => !taken).length,
  }));
}

export const partsOfDay = ["morning", "afternoon", "evening"] as const;
export type PartOfDay = (typeof partsOfDay)[number];

/** Splits one day's slots at 12:00 and 18:00 of the zone; empty parts are left out. */
export function byPartOfDay(
  slots: readonly SlotView[],
  timeZone: string,
): { part: PartOfDay; slots: SlotView[] }[] {
  const groups: Record<PartOfDay, SlotView[]> = { morning: [], afternoon: [], evening: [] };
  for (const slot of slots) {
    const { minute } = localOf(slot.start, timeZone);
    groups[minute < 720 ? "morning" : minute < 1080 ? "afternoon" : "evening"].push(slot);
  }
  return partsOfDay.map((part) => ({ part, slots: groups[part] })).filter((group) => group.slots.length > 0);
}

/** The first free start at or after an instant, else the first free one of all; null when nothing is free. */
export function nearestFree(slots: readonly SlotView[], start: string): SlotView | null {
  const free = slots.filter(({ taken }) => !taken);
  const wanted = Date.parse(start);
  return free.find((slot) => at(slot) >= wanted) ?? free.at(-1) ?? null;
}

/** The local date of the first free start; null when nothing is free. */
export function firstFreeDay(slots: readonly SlotView[], timeZone: string): string | null {
  const first = slots.find(({ taken }) => !taken);
  return first ? localOf(first.start, timeZone).date : null;
}
