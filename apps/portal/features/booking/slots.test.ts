import { describe, expect, it } from "vitest";
import { byPartOfDay, firstFreeDay, groupByDay, mergeSlots, nearestFree, type SlotView } from "./slots";
import type { Slot } from "./wire";

const slot = (start: string): Slot => ({ start, end: start, price_minor: 20_000, duration_min: 30 });
const view = (start: string, taken = false): SlotView => ({ ...slot(start), taken });
const day = { from: Date.parse("2026-02-03T00:00:00Z"), to: Date.parse("2026-02-04T00:00:00Z") };

describe("a fresh answer", () => {
  const nine = "2026-02-03T09:00:00Z";
  const ten = "2026-02-03T10:00:00Z";

  it("marks what vanished as taken and takes the mark off what came back", () => {
    const first = mergeSlots([], [slot(nine), slot(ten)], day, null);
    const second = mergeSlots(first, [slot(ten)], day, null);
    expect(second.map(({ start, taken }) => [start, taken])).toEqual([
      [nine, true],
      [ten, false],
    ]);
    expect(mergeSlots(second, [slot(nine), slot(ten)], day, null).map(({ taken }) => taken)).toEqual([
      false,
      false,
    ]);
  });

  it("does not call the visitor's own hold taken", () => {
    const merged = mergeSlots([view(nine), view(ten)], [slot(ten)], day, "2026-02-03T09:00:00.000Z");
    expect(merged.map(({ taken }) => taken)).toEqual([false, false]);
  });

  it("keeps what lies outside its span, in order", () => {
    const later = view("2026-02-05T09:00:00Z");
    expect(mergeSlots([later], [slot(nine)], day, null).map(({ start }) => start)).toEqual([
      nine,
      later.start,
    ]);
  });
});

describe("days", () => {
  it("follow the visitor's zone and keep empty days", () => {
    const late = view("2026-02-03T22:30:00Z");
    const days = groupByDay([late], "Europe/Bucharest", "2026-02-03", 3);
    expect(days.map(({ date, free }) => [date, free])).toEqual([
      ["2026-02-03", 0],
      ["2026-02-04", 1],
      ["2026-02-05", 0],
    ]);
    expect(groupByDay([late], "Europe/London", "2026-02-03", 1)[0]?.free).toBe(1);
  });

  it("count both of a doubled hour", () => {
    const doubled = [view("2026-10-25T00:00:00Z"), view("2026-10-25T01:00:00Z", true)];
    expect(groupByDay(doubled, "Europe/Bucharest", "2026-10-25", 1)[0]).toMatchObject({ free: 1 });
  });

  it("split at noon and at six", () => {
    const parts = byPartOfDay(
      [view("2026-02-03T09:59:00Z"), view("2026-02-03T10:00:00Z"), view("2026-02-03T16:00:00Z")],
      "Europe/Bucharest",
    );
    expect(parts.map(({ part, slots }) => [part, slots.length])).toEqual([
      ["morning", 1],
      ["afternoon", 1],
      ["evening", 1],
    ]);
    expect(byPartOfDay([], "Europe/Bucharest")).toEqual([]);
  });
});

describe("the nearest free start", () => {
  const slots = [
    view("2026-02-03T09:00:00Z"),
    view("2026-02-03T10:00:00Z", true),
    view("2026-02-03T11:00:00Z"),
  ];

  it("comes after the lost one, else is the last before it", () => {
    expect(nearestFree(slots, "2026-02-03T10:00:00Z")?.start).toBe("2026-02-03T11:00:00Z");
    expect(nearestFree(slots, "2026-02-03T12:00:00Z")?.start).toBe("2026-02-03T11:00:00Z");
    expect(nearestFree([view("2026-02-03T09:00:00Z", true)], "2026-02-03T09:00:00Z")).toBeNull();
  });

  it("names the first day with a free start", () => {
    expect(firstFreeDay(slots, "Europe/Bucharest")).toBe("2026-02-03");
    expect(firstFreeDay([], "Europe/Bucharest")).toBeNull();
  });
});
