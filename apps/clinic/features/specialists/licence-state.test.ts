import { describe, expect, it } from "vitest";
import { licenceShare, licenceState } from "./licence-state";

describe("a licence", () => {
  it("changes its state on the days of the reminders", () => {
    const states = [61, 60, 31, 30, 8, 7, 1, 0, -3].map((days_left) => licenceState({ days_left }));
    expect(states).toEqual(["valid", "soon", "soon", "month", "month", "week", "week", "ended", "ended"]);
  });

  it("shows at most a year", () => {
    expect([800, 365, 73, 0, -3].map((days_left) => licenceShare({ days_left }))).toEqual([
      100, 100, 20, 0, 0,
    ]);
  });
});
