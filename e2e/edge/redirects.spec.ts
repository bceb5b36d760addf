import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { canaryOf } from "../support/canaries";
import { memberOf } from "../support/core";
import { figure } from "../support/figure";
import { cookieHeader, freshLogin, login } from "../support/login";
import { SignIn } from "../support/pages/sign-in";
import { people } from "../support/people";
import { clinicSite, ports } from "../support/stack";
import { expect, test } from "../support/test";
import { ask } from "../support/wire";

const armonia = clinicSite("armonia");
const nord = clinicSite("nord");
const slash = "\\";

/** Ways to write "elsewhere" so that a check takes it for a path of this host. */
const forms = [
  "https://evil.test/",
  "http://evil.test",
  "HTTPS://EVIL.TEST",
  "//evil.test",
  "///evil.test",
  "////evil.test/%2f..",
  `/${slash}evil.test`,
  `${slash}/evil.test`,
  `${slash}${slash}evil.test`,
  `/${slash}/evil.test`,
  "/\t/evil.test",
  "/\n/evil.test",
  "\t//evil.test",
  " //evil.test",
  "/%09/evil.test",
  "https:evil.test",
  "https:/evil.test",
  "https:///evil.test",
  "javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "//evil.test@armonia.clinic.localhost",
  "http://armonia.clinic.localhost@evil.test",
  "//evil%E3%80%82test",
  "/..//evil.test",
  "/./%2fevil.test/..//evil.test",
  "//armonia.clinic.localhost.evil.test",
  "/.evil.test/../..//evil.test",
  "?//evil.test",
  "evil.test",
  "@evil.test",
  "/%0d%0alocation:https://evil.test",
];

/** True when a browser on the origin that is sent there leaves it, or runs a script. */
function leaves(target: string, origin: string): boolean {
  try {
    return new URL(target, `${origin}/sign-in`).origin !== origin;
  } catch {
    return false; // a browser stays where it is
  }
}

/** Where each form leads: by the redirects of the routes that take one, and by what the sign-in page keeps for later. */
async function ways(port: number, host: string, origin: string, cookie: string): Promise<string[]> {
  const found: string[] = [];
  for (const form of forms) {
    const written = encodeURIComponent(form);
    for (const path of [
      `/api/session/refresh?return=${written}`,
      `/auth/handoff?return=${written}`,
      `/auth/handoff?code=x&return=${written}`,
      `/sign-in?return=${written}`,
    ]) {
      const answer = await ask(port, { path, host, headers: cookie ? { cookie } : {} });
      const kept = /\\?"returnTo\\?":\\?"((?:[^"\\]|\\\\.)*?)\\?"/.exec(answer.text)?.[1];
      const targets = [answer.headers.location, answer.headers.refresh, kept].filter(
        (target) => target !== undefined,
      );
      if (targets.some((target) => leaves(target, origin)))
        found.push(`${path} leads to ${targets.join(", ")}`);
    }
    // The form as the address itself: what the proxy makes of it on its way to sign-in.
    const bare = form.replace(/\s/g, "%09");
    const answer = await ask(port, { path: bare.startsWith("/") ? bare : `/${bare}`, host });
    if (answer.headers.location && leaves(answer.headers.location, origin))
      found.push(`${bare} redirects to ${answer.headers.location}`);
  }
  return found;
}

/** Addresses that a cache takes for a file of a page that holds private data. */
const deceptions = [
  "/members/x.css",
  "/members/x.js",
  "/members.css",
  "/members%2fx.css",
  "/members;x.css",
  "/members/..%2fx.css",
  "/members%00.css",
  "/members%23x.css",
  "/members%3fx.css",
  "/settings/x.png",
  "/settings/..;/x.woff2",
  "/members?x.css",
  "/members/icon.svg",
  "/_next/static/..%2fmembers",
  "/_next/static/%2e%2e/%2e%2e/members",
];

/** Private bytes that a shared cache could keep: storable answers, and answers of another host or visitor. */
async function cached(): Promise<string[]> {
  const found: string[] = [];
  const canary = await canaryOf("armonia");
  const own = cookieHeader(await login(people.admin(), armonia));
  const other = cookieHeader(await login(await memberOf("nord", "admin"), nord));
  for (const path of deceptions) {
    const answer = await ask(ports.clinic, { path, host: armonia.host, headers: { cookie: own } });
    const storable = !/no-store/.test(answer.headers["cache-control"] ?? "");
    if (answer.text.includes(canary.text) && storable) found.push(`${path} may be stored`);
    for (const [host, cookie] of [
      [armonia.host, ""],
      [nord.host, other],
      [nord.host, ""],
    ] as const) {
      const later = await ask(ports.clinic, { path, host, headers: cookie ? { cookie } : {} });
      if (later.text.includes(canary.text)) found.push(`${path} on ${host} shows clinic A`);
    }
  }
  return found;
}

/** A server that believes its return parameter: the planted fault. */
async function believing(judge: (port: number) => Promise<string[]>): Promise<string[]> {
  const server = createServer((request, response) => {
    const to = new URL(request.url ?? "/", "http://localhost").searchParams.get("return") ?? "/";
    response.writeHead(303, { location: encodeURI(to).replaceAll("%5C", slash) });
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await judge((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

test.describe("H-6", () => {
  // Red proof: the same forms against a server that redirects wherever it is told must be found; most of them are.
  test("no form of a return address leaves the host, and no cache keeps a private page", async () => {
    expect(forms.length).toBeGreaterThanOrEqual(30);
    const cookie = cookieHeader(await freshLogin(people.specialist(), armonia));
    const found = await ways(ports.clinic, armonia.host, armonia.origin, cookie);
    found.push(...(await cached()));

    figure("H-6", found.length, found.length === 0);
    expect(found).toEqual([]);
    const planted = await believing((port) => ways(port, armonia.host, armonia.origin, ""));
    expect(planted.length).toBeGreaterThan(30);
  });

  test("after sign-in the browser stays on the host", async ({ visit }) => {
    for (const form of ["//evil.test", `/${slash}evil.test`, "javascript:alert(1)"]) {
      const { page, context } = await visit(null, armonia);
      const signIn = new SignIn(page);
      await signIn.open(form);
      await signIn.password(people.specialist().email, people.specialist().password);
      await expect(page).toHaveURL(`${armonia.origin}/`);
      await context.close();
    }
  });
});
