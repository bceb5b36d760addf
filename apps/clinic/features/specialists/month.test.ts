import { afterEach, describe, expect, it } from "vitest";
import { bounds, byDate, dayOfKey, isSelected, kindOf, monthOf, spanOf, stepMonth, weeksOf } from "./month";
import type { DateOverride } from "./wire";

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
});

const override = (date: string, available: boolean, ranges: DateOverride["ranges"]): DateOverride => ({
  id: `${date}-${String(available)}`,
  date,
  available,
  ranges,
  reason: null,
  group_id: null,
});

describe("the month of a specialist", () => {
  // Verifies CORE-02: the day of an exception is not moved by the zone of the browser
  it("keeps a day where it is, whatever the zone of the browser", () => {
    for (const name of ["America/New_York", "Pacific/Kiritimati", "Europe/Bucharest"]) {
      process.env.TZ = name;
      const days = byDate([override("2026-05-04", true, [{ start: "10:00", end: "12:00" }])]);
      expect(weeksOf("2026-05")[1]?.[0]).toBe("2026-05-04");
      expect(days.get(weeksOf("2026-05")[1]?.[0] ?? "")?.[0]?.date).toBe("2026-05-04");
    }
  });

  it("begins on Monday and ends on Sunday", () => {
    expect(spanOf("2026-05")).toEqual({ from: "2026-04-27", to: "2026-05-31" });
    expect(weeksOf("2026-02")).toHaveLength(5);
    expect(weeksOf("2027-02")).toHaveLength(4);
    expect(weeksOf("2026-08")).toHaveLength(6);
  });

  it("is read from the address", () => {
    expect(monthOf("2026-05", "2026-11-24")).toBe("2026-05");
    expect(monthOf("2026-13", "2026-11-24")).toBe("2026-11");
    expect(monthOf(undefined, "2026-11-24")).toBe("2026-11");
    expect(stepMonth("2026-12", 1)).toBe("2027-01");
    expect(stepMonth("2026-01", -1)).toBe("2025-12");
  });
});

describe("exceptions", () => {
  const hours = [{ start: "10:00", end: "12:00" }];

  it("are of three kinds", () => {
    expect(kindOf({ available: false, ranges: [] })).toBe("off");
    expect(kindOf({ available: true, ranges: [] })).toBe("off");
    expect(kindOf({ available: false, ranges: hours })).toBe("part");
    expect(kindOf({ available: true, ranges: hours })).toBe("extra");
  });

  it("of one day stand together", () => {
    const days = byDate([override("2026-05-04", false, hours), override("2026-05-04", true, hours)]);
    expect(days.get("2026-05-04")?.map(kindOf)).toEqual(["extra", "part"]);
  });
});

describe("choosing days", () => {
  it("works by key", () => {
    expect(dayOfKey("ArrowLeft", "2026-05-01")).toBe("2026-04-30");
    expect(dayOfKey("ArrowDown", "2026-05-31")).toBe("2026-06-07");
    expect(dayOfKey("Home", "2026-05-06")).toBe("2026-05-04");
    expect(dayOfKey("End", "2026-05-06")).toBe("2026-05-10");
    expect(dayOfKey("x", "2026-05-06")).toBeNull();
  });

  it("works backwards too", () => {
    const selection = { anchor: "2026-05-08", end: "2026-05-05" };
    expect(bounds(selection)).toEqual({ from: "2026-05-05", to: "2026-05-08" });
    expect(isSelected(selection, "2026-05-06")).toBe(true);
    expect(isSelected(selection, "2026-05-09")).toBe(false);
    expect(isSelected(null, "2026-05-06")).toBe(false);
  });
});
