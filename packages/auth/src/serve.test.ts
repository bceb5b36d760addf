import { describe, expect, it } from "vitest";
import { matches } from "./serve";

describe("public paths", () => {
  const patterns = ["/sign-in", "/invitations/*"];
  it("match exactly or by subtree", () => {
    expect(["/sign-in", "/invitations", "/invitations/abc"].map((p) => matches(p, patterns))).toEqual([true, true, true]);
    expect(["/", "/sign-in/x", "/invitationsx", "/members"].map((p) => matches(p, patterns))).toEqual([false, false, false, false]);
  });
});
