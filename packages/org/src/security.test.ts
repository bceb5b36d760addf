import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, securityHeaders, stripInternalHeaders } from "./security";

describe("page security", () => {
  it("lets only scripts with the nonce run and nothing leave the origin", () => {
    const policy = contentSecurityPolicy("abc", false);
    const scripts = /script-src ([^;]+)/.exec(policy)?.[1] ?? "";
    expect(scripts).toContain("'nonce-abc'");
    expect(scripts).not.toContain("unsafe");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/https?:/);
  });

  it("asks for https only where there is https", () => {
    expect(securityHeaders(true)["strict-transport-security"]).toBeDefined();
    expect(securityHeaders(false)["strict-transport-security"]).toBeUndefined();
  });

  it("drops internal headers a visitor sends", () => {
    const headers = new Headers({
      "x-rx-org": "forged",
      "x-org-slug": "other",
      "x-organization-id": "other",
      "X-Client-Id": "forged",
      "x-middleware-subrequest": "proxy:proxy:proxy",
      "accept-language": "ro",
      cookie: "a=b",
    });
    stripInternalHeaders(headers);
    expect([...headers.keys()].sort()).toEqual(["accept-language", "cookie"]);
  });
});
