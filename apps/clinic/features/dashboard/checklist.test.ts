import { describe, expect, it } from "vitest";
import { checklist } from "./checklist";

const empty = {
  clinic: { phone: null, email: null, address_line: null, color_primary: null },
  members: 1,
  invitations: [],
  domains: [],
};

describe("first steps of a clinic", () => {
  it("are all open at the start", () => {
    expect(checklist(empty)).toEqual({ contact: false, brand: false, team: false, domain: false });
  });

  it("close by what exists", () => {
    expect(
      checklist({
        ...empty,
        clinic: { phone: "021", email: "a@b.ro", address_line: "Str. 1", color_primary: "#2F6B70" },
      }),
    ).toMatchObject({ contact: true, brand: true });
    expect(checklist({ ...empty, members: 2 }).team).toBe(true);
    expect(checklist({ ...empty, invitations: [{ id: "1" }] }).team).toBe(true);
    expect(checklist({ ...empty, domains: [{ status: "pending" }] }).domain).toBe(false);
    expect(checklist({ ...empty, domains: [{ status: "verified" }] }).domain).toBe(true);
  });
});
