import { expect, test } from "vitest";
import { loginMark, tokenClaims } from "./token-claims";

const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;

test("claims of what is no token are null", () => {
  for (const bad of ["", "a", "a.b.c", `e30.${Buffer.from("7").toString("base64url")}.s`]) {
    expect(tokenClaims(bad)).toBeNull();
  }
});

test("a sign-in is marked by its session, else its time, else the person", () => {
  expect(loginMark(token({ sid: "s1", auth_time: 5, sub: "u" }))).toBe("s1");
  expect(loginMark(token({ auth_time: 5, sub: "u" }))).toBe("5");
  expect(loginMark(token({ sub: "u" }))).toBe("u");
  expect(loginMark("broken")).toBe("");
});
