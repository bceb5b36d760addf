import { describe, expect, it } from "vitest";
import { amountText, minorOf } from "./money";

describe("an amount in a field", () => {
  it("is read as people write it", () => {
    expect(["200", "200,5", "200,50", "200.50", "1.000", "1.000,00", "1 000", "0"].map(minorOf)).toEqual([
      20_000, 20_050, 20_050, 20_050, 100_000, 100_000, 100_000, 0,
    ]);
  });

  it("is refused when it is none", () => {
    expect(["", "-1", "12,345", "1.00.000", "abc", "1e3"].map(minorOf)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it("is written back the same", () => {
    expect([20_000, 20_050, 5, 0, null].map(amountText)).toEqual(["200", "200,50", "0,05", "0", ""]);
    for (const minor of [1, 99, 100, 123_456]) expect(minorOf(amountText(minor))).toBe(minor);
  });
});
