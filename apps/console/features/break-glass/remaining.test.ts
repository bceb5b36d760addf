import { describe, expect, it } from "vitest";
import { remaining } from "./remaining";

describe("time left of an emergency access", () => {
  it("counts in minutes and seconds and stops at zero", () => {
    expect(remaining(3_600_000, 0)).toBe("60:00");
    expect(remaining(545_000, 500)).toBe("09:05");
    expect(remaining(0, 5_000)).toBe("00:00");
  });
});
