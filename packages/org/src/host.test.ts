import { describe, expect, it } from "vitest";
import { isSlug, readHost } from "./host";
import { schemeOf } from "./env";

const platform = "clinic.localhost:9100";

describe("host to clinic", () => {
  it.each([
    ["arin.clinic.localhost:9100", { kind: "slug", slug: "arin" }],
    ["ARIN.clinic.localhost:9100", { kind: "slug", slug: "arin" }],
    ["kineto-nord.clinic.localhost", { kind: "slug", slug: "kineto-nord" }],
    ["clinic.localhost:9100", { kind: "bare" }],
    ["programari.arin.ro", { kind: "custom", domain: "programari.arin.ro" }],
    ["programari.arin.ro.", { kind: "custom", domain: "programari.arin.ro" }],
    ["a.b.clinic.localhost:9100", { kind: "invalid" }],
    ["www.clinic.localhost:9100", { kind: "invalid" }],
    ["-x.clinic.localhost:9100", { kind: "invalid" }],
    ["127.0.0.1:9100", { kind: "invalid" }],
    ["localhost:9100", { kind: "invalid" }],
    ["evil.test/clinic.localhost", { kind: "invalid" }],
    ["[::1]:9100", { kind: "invalid" }],
    ["", { kind: "invalid" }],
  ])("reads %s", (host, expected) => {
    expect(readHost(host, platform)).toEqual(expected);
  });

  it("does not take a look-alike for a platform host", () => {
    expect(readHost("arin.evilclinic.localhost", platform)).toEqual({
      kind: "custom",
      domain: "arin.evilclinic.localhost",
    });
  });

  it("knows which slugs exist", () => {
    expect(["arin", "a1-b2", "abc"].every(isSlug)).toBe(true);
    expect(["ab", "Arin", "a--b", "a-", "admin", "x".repeat(64)].some(isSlug)).toBe(false);
  });

  it("uses plain http on this machine only", () => {
    expect(schemeOf("a.clinic.localhost:9100")).toBe("http");
    expect(schemeOf("a.clinic.restartix.app")).toBe("https");
  });
});
