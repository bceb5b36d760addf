import { describe, expect, it } from "vitest";
import { nextRange, rangeProblems, weekBody, weekIsValid, weekMinutes, weekOf } from "./week";

const r = (start: string, end: string) => ({ start, end });

describe("the week of a specialist", () => {
  const hours = [
    { weekday: 2, start: "13:00", end: "15:00" },
    { weekday: 1, start: "13:00", end: "15:00" },
    { weekday: 1, start: "09:00", end: "12:00" },
  ];

  it("goes into seven days, Monday first, and back", () => {
    const week = weekOf(hours);
    expect(week).toHaveLength(7);
    expect(week[0]).toEqual([r("09:00", "12:00"), r("13:00", "15:00")]);
    expect(weekBody(week)).toEqual([hours[2], hours[1], hours[0]]);
    expect(weekMinutes(week)).toBe(420);
  });

  it("writes short hours with two digits", () => {
    expect(weekBody([[r("8:00", "9:30")]])).toEqual([{ weekday: 1, start: "08:00", end: "09:30" }]);
  });
});

describe("ranges of a day", () => {
  it("are times, in order, and do not overlap", () => {
    expect(rangeProblems([r("09:00", "12:00"), r("12:00", "24:00")])).toEqual([null, null]);
    expect(rangeProblems([r("9", "12:00"), r("12:00", "09:00"), r("24:00", "24:00")])).toEqual([
      "time",
      "range",
      "time",
    ]);
    expect(rangeProblems([r("09:00", "12:00"), r("11:30", "13:00")])).toEqual([null, "overlap"]);
    expect(weekIsValid([[r("09:00", "12:00")], [r("09:00", "08:00")]])).toBe(false);
  });

  it("offer the next one after the last", () => {
    expect(nextRange([])).toEqual(r("09:00", "17:00"));
    expect(nextRange([r("09:00", "12:00")])).toEqual(r("13:00", "16:00"));
    expect(nextRange([r("09:00", "23:30")])).toEqual(r("23:00", "24:00"));
  });
});
