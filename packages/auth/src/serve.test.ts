import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ProxyAuth } from "./driver";
import { matches, serve } from "./serve";

const clinic = {
  id: "0192f000-0000-7000-8000-000000000001",
  slug: "arin",
  name: "Clinica Șoimul",
  branding: {},
  language_code: "ro",
  timezone: "Europe/Bucharest",
};

let api: Server;

/** The one public answer the proxy needs, over a real socket. */
beforeAll(async () => {
  api = createServer((request, response) => {
    const slug = new URL(request.url ?? "/", "http://api").searchParams.get("slug");
    response.setHeader("content-type", "application/json");
    response.statusCode = slug === "arin" ? 200 : slug === "away" ? 503 : 404;
    response.end(
      JSON.stringify(
        slug === "arin" ? { data: clinic, meta: { request_id: "r" } } : { code: "organization_not_found" },
      ),
    );
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("CORE_API_URL", `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  vi.stubEnv("APP_NAME", "clinic");
});

afterAll(() => {
  api.close();
  vi.unstubAllEnvs();
});

const handler = serve({ publicPaths: ["/sign-in", "/invitations/*"] });
const nobody: ProxyAuth = { signedIn: false, cookies: [] };
const somebody: ProxyAuth = { signedIn: true, cookies: [] };

function ask(host: string, path: string, auth: ProxyAuth, headers: Record<string, string> = {}) {
  return handler(new NextRequest(`http://${host}${path}`, { headers: { host, ...headers } }), auth);
}

/** What the page would see: the request headers that the proxy replaced. */
const seen = (response: Response, name: string) => response.headers.get(`x-middleware-request-${name}`);

describe("proxy", () => {
  it("hands the clinic of the host to the page and sets hints for this host only", async () => {
    const response = await ask("arin.clinic.localhost:9100", "/sign-in", nobody);
    const organization: unknown = JSON.parse(
      Buffer.from(seen(response, "x-rx-org") ?? "", "base64url").toString("utf8"),
    );
    expect(organization).toEqual(clinic);
    const cookies = response.headers.getSetCookie();
    const hint = cookies.find((cookie) => cookie.startsWith("__Host-org-slug="));
    expect(hint).toMatch(/__Host-org-slug=arin; Path=\/; Secure; HttpOnly; SameSite=lax/i);
    expect(cookies.join()).not.toMatch(/domain=/i);
    expect(seen(response, "cookie")).toContain("__Host-org-name=Clinica%20%C8%98oimul");
  });

  it("answers 404 without brand and without a cookie on an unknown host", async () => {
    for (const host of [
      "nimic.clinic.localhost:9100",
      "www.clinic.localhost:9100",
      "altceva.ro",
      "127.0.0.1:9100",
    ]) {
      const response = await ask(host, "/", somebody);
      expect(response.status).toBe(404);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toContain("<h1>");
    }
  });

  it("says 503 while the API is away", async () => {
    const response = await ask("away.clinic.localhost:9100", "/", somebody);
    expect(response.status).toBe(503);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("asks for the clinic on the platform's own address", async () => {
    const response = await ask("clinic.localhost:9100", "/members", somebody);
    expect(response.headers.get("location")).toBe("http://clinic.localhost:9100/find-clinic");
    expect(
      (await ask("clinic.localhost:9100", "/find-clinic", nobody)).headers.get("x-middleware-next"),
    ).toBe("1");
  });

  it("sends visitors without a session to sign-in on the same host, and calls to a 401", async () => {
    const response = await ask("arin.clinic.localhost:9100", "/members?page=2", nobody);
    expect(response.headers.get("location")).toBe(
      "http://arin.clinic.localhost:9100/sign-in?return=%2Fmembers%3Fpage%3D2",
    );
    expect((await ask("arin.clinic.localhost:9100", "/api/core/v1/me", nobody)).status).toBe(401);
    expect(
      (await ask("arin.clinic.localhost:9100", "/members", somebody)).headers.get("x-middleware-next"),
    ).toBe("1");
  });

  it("leaves a form whose session has ended to the guard of its action", async () => {
    const form = new NextRequest("http://arin.clinic.localhost:9100/settings", {
      method: "POST",
      headers: { host: "arin.clinic.localhost:9100", "next-action": "a".repeat(42) },
    });
    const ended: ProxyAuth = {
      signedIn: false,
      cookies: [{ name: "__Host-rx_access", value: "", httpOnly: true, maxAge: 0 }],
    };
    const response = await handler(form, ended);
    expect(response.headers.get("x-middleware-next")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual([]);
    const read = await ask("arin.clinic.localhost:9100", "/settings", nobody, {
      "next-action": "a".repeat(42),
    });
    expect(read.status).toBe(307);
  });

  it("never passes on internal headers that a visitor sends", async () => {
    const forged = {
      "x-rx-org": Buffer.from('{"id":"other"}').toString("base64url"),
      "x-organization-id": "other",
      "x-request-id": "mine",
      "x-client-id": "mine",
    };
    const response = await ask("arin.clinic.localhost:9100", "/sign-in", nobody, forged);
    expect(Buffer.from(seen(response, "x-rx-org") ?? "", "base64url").toString("utf8")).toContain(clinic.id);
    expect(seen(response, "x-organization-id")).toBeNull();
    expect(seen(response, "x-client-id")).toBeNull();
    expect(seen(response, "x-request-id")).not.toBe("mine");
  });

  it("uses a new nonce for every page and puts it into the policy", async () => {
    const [one, two] = await Promise.all([
      ask("arin.clinic.localhost:9100", "/sign-in", nobody),
      ask("arin.clinic.localhost:9100", "/sign-in", nobody),
    ]);
    const nonce = seen(one, "x-nonce");
    expect(one.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
    expect(seen(two, "x-nonce")).not.toBe(nonce);
  });

  it("gives renewed tokens to the page and to the browser", async () => {
    const renewed: ProxyAuth = {
      signedIn: true,
      cookies: [{ name: "__Host-rx_access", value: "a.b.c", httpOnly: true, maxAge: 600 }],
    };
    const response = await ask("arin.clinic.localhost:9100", "/", renewed, {
      cookie: "__Host-rx_access=old; theme=dark",
    });
    expect(seen(response, "cookie")).toMatch(/__Host-rx_access=a\.b\.c; theme=dark/);
    expect(response.headers.getSetCookie().join("\n")).toMatch(
      /__Host-rx_access=a\.b\.c; Path=\/; .*Max-Age=600; Secure; HttpOnly/,
    );
  });
});

describe("public paths", () => {
  const patterns = ["/sign-in", "/invitations/*"];
  it("match exactly or by subtree", () => {
    expect(["/sign-in", "/invitations", "/invitations/abc"].map((p) => matches(p, patterns))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["/", "/sign-in/x", "/invitationsx", "/members"].map((p) => matches(p, patterns))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
