import { describe, expect, it } from "vitest";
import { needsRefresh } from "./token-age";

const token = (payload: object) => `h.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.s`;

describe("age of an access token", () => {
  const tenMinutes = token({ iat: 1000, exp: 1600 });

  it("is old at 80 % of its life, not before", () => {
    expect(needsRefresh(tenMinutes, 1_479_000)).toBe(false);
    expect(needsRefresh(tenMinutes, 1_480_000)).toBe(true);
  });

  it.each([undefined, "", "x", "a.b.c", token({}), token({ iat: 5, exp: 5 })])(
    "is old when unreadable: %s",
    (bad) => {
      expect(needsRefresh(bad, 0)).toBe(true);
    },
  );
});
