import { describe, expect, it } from "vitest";
import { createSchema, proposeSlug } from "./schema";

describe("new clinic", () => {
  it("gets a slug from its name", () => {
    expect(proposeSlug("Kineto Nord Iași")).toBe("kineto-nord-iasi");
    expect(proposeSlug("  Clinica „Arin”  ")).toBe("clinica-arin");
    expect(proposeSlug(`${"a".repeat(62)} b`)).toBe("a".repeat(62));
  });

  it("refuses a reserved slug and a wrong address", () => {
    const input = {
      name: "A",
      slug: "arin",
      language_code: "ro",
      timezone: "Europe/Bucharest",
      admin_email: "ana@x.ro",
    };
    expect(createSchema.safeParse(input).success).toBe(true);
    expect(createSchema.safeParse({ ...input, slug: "admin" }).success).toBe(false);
    expect(createSchema.safeParse({ ...input, admin_email: "ana" }).success).toBe(false);
  });
});
