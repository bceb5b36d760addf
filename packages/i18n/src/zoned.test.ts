import { describe, expect, it } from "vitest";
import {
  addDays,
  clockMinutes,
  clockText,
  daysBetween,
  instantOf,
  isDate,
  localOf,
  mondayOf,
  weekdayOf,
} from "./zoned";

const zone = "Europe/Bucharest";
const utc = (date: string, minute: number, timeZone = zone) =>
  new Date(instantOf(date, minute, timeZone)).toISOString();

describe("local time of a zone", () => {
  it("reads the wall clock", () => {
    expect(localOf("2026-02-03T11:00:00Z", zone)).toEqual({ date: "2026-02-03", minute: 780 });
    expect(localOf("2026-02-03T22:30:00Z", zone)).toEqual({ date: "2026-02-04", minute: 30 });
  });

  it("finds the instant of a local time in winter, in summer and at the end of a day", () => {
    expect(utc("2026-02-03", 780)).toBe("2026-02-03T11:00:00.000Z");
    expect(utc("2026-07-03", 780)).toBe("2026-07-03T10:00:00.000Z");
    expect(utc("2026-02-03", 1440)).toBe("2026-02-03T22:00:00.000Z");
    expect(utc("2026-02-03", 780, "America/New_York")).toBe("2026-02-03T18:00:00.000Z");
  });

  it("takes the first of a doubled hour and the jump for a skipped one", () => {
    expect(utc("2026-10-25", 180)).toBe("2026-10-25T00:00:00.000Z");
    expect(utc("2026-10-25", 600)).toBe("2026-10-25T08:00:00.000Z");
    expect(utc("2026-03-29", 210)).toBe("2026-03-29T01:00:00.000Z");
    expect(utc("2026-03-29", 540)).toBe("2026-03-29T06:00:00.000Z");
  });
});

describe("dates", () => {
  it("count days across a change of the clock and a month's end", () => {
    expect(addDays("2026-10-24", 2)).toBe("2026-10-26");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
  });

  it("start the week on Monday", () => {
    expect(weekdayOf("2026-02-02")).toBe(0);
    expect(weekdayOf("2026-02-08")).toBe(6);
    expect(mondayOf("2026-02-08")).toBe("2026-02-02");
    expect(mondayOf("2026-02-02")).toBe("2026-02-02");
  });

  it("refuse what is no date", () => {
    expect([isDate("2026-02-28"), isDate("2026-02-30"), isDate("3.2.2026"), isDate("")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("clock text", () => {
  it("goes both ways", () => {
    expect(clockText(510)).toBe("08:30");
    expect(clockText(1440)).toBe("24:00");
    expect(clockMinutes("8:30")).toBe(510);
    expect(clockMinutes("24:00")).toBe(1440);
  });

  it("refuses what is no time", () => {
    expect(["24:01", "12:60", "noon", "", "8"].map(clockMinutes)).toEqual([null, null, null, null, null]);
  });
});
