import { describe, expect, it } from "vitest";
import { safeReturn } from "./return-url";

describe("return address", () => {
  it.each(["/", "/members?page=2", "/settings/domains#txt", "/a%2f%2fb"])("keeps %s", (path) => {
    expect(safeReturn(path)).toBe(path);
  });

  it.each([
    "//evil.test",
    "/\\evil.test",
    "\\/evil.test",
    "https://evil.test",
    "javascript:alert(1)",
    "/\t/evil.test",
    "/..//evil.test",
    "/.//evil.test",
    "evil.test",
    "",
    "/sign-in?return=/x",
    "/api/session",
    `/${"x".repeat(2001)}`,
    null,
    undefined,
  ])("refuses %j", (candidate) => {
    expect(safeReturn(candidate, "/home")).toBe("/home");
  });
});
