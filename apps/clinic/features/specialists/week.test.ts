import { describe, expect, it } from "vitest";
import {
  blocksOf,
  copiedTo,
  nextRange,
  rangeAround,
  rangeProblems,
  shownHours,
  splitRange,
  stepped,
  weekBody,
  weekIsValid,
  weekMinutes,
  weekOf,
} from "./week";

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

describe("editing a week", () => {
  it("splits a long range around a break", () => {
    expect(splitRange(r("09:00", "17:00"))).toEqual([r("09:00", "12:30"), r("13:30", "17:00")]);
    expect(splitRange(r("09:00", "12:00"))).toEqual([r("09:00", "10:30"), r("11:00", "12:00")]);
    expect(splitRange(r("09:00", "10:00"))).toBeNull();
    expect(splitRange(r("9", "17:00"))).toBeNull();
  });

  it("steps a time by quarters and stays in the day", () => {
    expect(stepped("09:00", 15)).toBe("09:15");
    expect(stepped("9:07", 15)).toBe("09:15");
    expect(stepped("23:55", 15)).toBe("24:00");
    expect(stepped("00:00", -15)).toBe("00:00");
    expect(stepped("later", 15)).toBe("later");
  });

  it("puts a new range where it is free", () => {
    expect(rangeAround([], 610)).toEqual(r("10:00", "12:00"));
    expect(rangeAround([r("09:00", "10:30"), r("11:30", "12:00")], 650)).toEqual(r("10:30", "11:30"));
    expect(rangeAround([r("09:00", "12:00")], 600)).toBeNull();
  });

  it("copies a day and leaves the others", () => {
    const week = weekOf([{ weekday: 1, start: "09:00", end: "12:00" }]);
    const copied = copiedTo(week, 0, [1, 4]);
    expect(copied.map((ranges) => ranges.length)).toEqual([1, 1, 0, 0, 1, 0, 0]);
    expect(copied[1]).not.toBe(copied[0]);
  });

  it("draws the ranges in the hours that are shown", () => {
    expect(shownHours(weekOf([]))).toEqual({ from: 7, to: 20 });
    expect(shownHours([[r("05:30", "22:15")]])).toEqual({ from: 5, to: 23 });
    expect(blocksOf([r("09:00", "12:00"), r("x", "y")], { from: 8, to: 20 })).toEqual([
      { left: (60 / 720) * 100, width: 25, text: "09:00–12:00" },
      null,
    ]);
  });
});
