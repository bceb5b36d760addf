import { describe, expect, it } from "vitest";
import { clockSkew, countdownText, holdDeadline, secondsLeft, spokenMark } from "./countdown";

describe("the countdown of a hold", () => {
  it("counts whole seconds down to nothing", () => {
    expect(secondsLeft(60_000, 0)).toBe(60);
    expect(secondsLeft(60_000, 59_001)).toBe(1);
    expect(secondsLeft(60_000, 61_000)).toBe(0);
  });

  it("is written in minutes and seconds", () => {
    expect([582, 60, 9, 0].map(countdownText)).toEqual(["9:42", "1:00", "0:09", "0:00"]);
  });

  it("speaks at thirty and at ten seconds only", () => {
    expect([31, 30, 11, 10, 1, 0].map(spokenMark)).toEqual([null, 30, 30, 10, 10, null]);
  });

  it("shrinks to the lease when heartbeats do not arrive", () => {
    expect(holdDeadline({ lease: 60, max: 600, failing: false })).toBe(600);
    expect(holdDeadline({ lease: 60, max: 600, failing: true })).toBe(60);
  });
});

describe("the clock of the device", () => {
  it("is corrected when it is wrong by more than the header can tell", () => {
    const now = Date.parse("2026-02-03T10:00:00Z");
    expect(clockSkew("Tue, 03 Feb 2026 10:00:01 GMT", now)).toBe(0);
    expect(clockSkew("Tue, 03 Feb 2026 10:05:00 GMT", now)).toBe(300_500);
    expect(clockSkew(null, now)).toBe(0);
    expect(clockSkew("soon", now)).toBe(0);
  });
});
