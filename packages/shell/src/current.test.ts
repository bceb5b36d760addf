import { describe, expect, it } from "vitest";
import { isCurrent } from "./current";
import { readTheme } from "./theme";

describe("menu entry", () => {
  it("stands for its own page, a deep one for all below", () => {
    expect(isCurrent("/organizations", "/organizations", true)).toBe(true);
    expect(isCurrent("/organizations/1", "/organizations", true)).toBe(true);
    expect(isCurrent("/organizations-x", "/organizations", true)).toBe(false);
    expect(isCurrent("/settings/domains", "/settings", false)).toBe(false);
    expect(isCurrent("/members", "/", true)).toBe(false);
  });
});

describe("theme cookie", () => {
  it("falls back to the system for anything unknown", () => {
    expect(["light", "dark", "system", "pink", undefined].map(readTheme)).toEqual([
      "light",
      "dark",
      "system",
      "system",
      "system",
    ]);
  });
});
