import { canaryOf } from "../support/canaries";
import { clinicId, coreLogin, memberOf } from "../support/core";
import { figure } from "../support/figure";
import { cookieHeader, freshLogin, login } from "../support/login";
import { people, type Account } from "../support/people";
import { read } from "../support/shape";
import { clinicSite, consoleSite, portalSite, type Site } from "../support/stack";
import { expect, test } from "../support/test";
import { freshCode } from "../support/totp";
import { ask, type WireAnswer } from "../support/wire";

/** What is wrong with one Set-Cookie header; empty when nothing is. */
function faultsOf(header: string): string[] {
  const [pair = "", ...rest] = header.split(/;\s*/);
  const attributes = rest.map((attribute) => attribute.toLowerCase());
  const name = pair.split("=")[0] ?? "";
  const has = (attribute: string) => attributes.includes(attribute);
  return [
    name.startsWith("__Host-") ? "" : "no __Host- prefix",
    has("secure") ? "" : "not Secure",
    has("httponly") ? "" : "not HttpOnly",
    has("samesite=lax") || has("samesite=strict") ? "" : "no SameSite",
    has("path=/") ? "" : "no Path=/",
    attributes.some((attribute) => attribute.startsWith("domain")) ? "has a Domain" : "",
  ]
    .filter(Boolean)
    .map((fault) => `${name}: ${fault}`);
}

const portOf = (site: Site) => Number(site.host.split(":").at(-1));

/** A request as a page of the host sends it. */
function send(site: Site, path: string, body?: unknown, cookie = "", method = "POST"): Promise<WireAnswer> {
  return ask(portOf(site), {
    path,
    host: site.host,
    method: body === undefined ? "GET" : method,
    headers: { origin: site.origin, "content-type": "application/json", ...(cookie ? { cookie } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const jar = (answer: WireAnswer) => answer.setCookies.map((header) => header.split(";")[0] ?? "").join("; ");

/** Every way in which an app sets cookies: pages, sign-in with both steps, language, refresh, handoff, sign-out. */
async function everyCookie(): Promise<string[]> {
  const answers: WireAnswer[] = [];
  const keep = async (answer: Promise<WireAnswer>) => {
    answers.push(await answer);
    return answers.at(-1) as WireAnswer;
  };
  const enter = async (site: Site, account: Account) => {
    const first = await keep(
      send(site, "/api/session", { email: account.email, password: account.password }),
    );
    if (!account.totp) return jar(first);
    return jar(
      await keep(send(site, "/api/session/totp", { code: await freshCode(account.totp) }, jar(first))),
    );
  };
  for (const [site, account] of [
    [clinicSite("armonia"), people.admin()],
    [portalSite("armonia"), people.patient()],
    [consoleSite(), people.operator()],
  ] as const) {
    await keep(send(site, "/sign-in"));
    const cookie = await enter(site, account);
    await keep(send(site, "/", undefined, cookie));
    await keep(send(site, "/api/locale", { locale: "ro" }, cookie));
    const renewed = await keep(send(site, "/api/session/refresh?return=/", undefined, cookie));
    await keep(send(site, "/api/session", {}, jar(renewed), "DELETE"));
    await keep(send(site, "/api/session/refresh?return=/", undefined, cookie));
  }
  const admin = await coreLogin(people.admin());
  const handoff = read.record(
    await admin.in(await clinicId("nord")).data("POST", "/v1/auth/handoff", {
      organization_id: await clinicId("nord"),
      app: "clinic",
    }),
  );
  const url = new URL(read.text(handoff, "url"));
  await keep(send(clinicSite("nord"), `${url.pathname}${url.search}`));
  expect(
    answers.filter(({ setCookies }) => setCookies.some((header) => header.startsWith("__Host-rx_access=")))
      .length,
  ).toBeGreaterThan(6);
  return answers.flatMap(({ setCookies }) => setCookies);
}

/** Cookies that a sibling host or an attacker puts beside the real ones; clinic A's page must stay what it is. */
async function tossed(): Promise<string[]> {
  const found: string[] = [];
  const [armonia, nord] = [clinicSite("armonia"), clinicSite("nord")];
  const [here, there] = [await canaryOf("armonia"), await canaryOf("nord")];
  const own = cookieHeader(await login(await memberOf("nord", "admin"), nord));
  const other = await clinicId("armonia");
  for (const extra of [
    `org-id=${other}; org-slug=armonia`,
    `__Host-org-id=${other}; __Host-org-slug=armonia; __Host-org-name=Clinica%20Armonia`,
    "rx_access=x; rx_refresh=x; rx-locale=en",
  ]) {
    for (const cookie of [`${own}; ${extra}`, `${extra}; ${own}`]) {
      const page = await send(nord, "/members", undefined, cookie);
      if (page.text.includes(here.text)) found.push(`nord shows armonia with ${extra}`);
      if (!page.text.includes(there.text) && page.status === 200)
        found.push(`nord lost its own page with ${extra}`);
    }
  }
  const forged = await send(armonia, "/members", undefined, `org-id=${other}; rx_access=${own}`);
  if (forged.text.includes(here.text)) found.push("a cookie without the prefix signs in");
  return found;
}

test.describe("H-3", () => {
  // Red proof: three planted cookies with the faults that the figure is about, and the same judge must name each of them.
  test("every cookie is host-only, Secure, HttpOnly and SameSite, and tossed cookies change nothing", async ({
    visit,
  }) => {
    const headers = await everyCookie();
    const faults = [...new Set(headers.flatMap(faultsOf))];
    faults.push(...(await tossed()));

    // In the browser: a page of a sibling host tries to set cookies for the parent domain.
    const [armonia, nord] = [clinicSite("armonia"), clinicSite("nord")];
    const { page, context } = await visit(null, armonia, {
      storageState: await freshLogin(people.admin(), armonia),
    });
    await page.goto(`${nord.origin}/sign-in`);
    await page.evaluate(() => {
      for (const name of [
        "__Host-rx_access",
        "__Host-org-id",
        "__Host-rx-locale",
        "rx_access",
        "org-id",
        "rx-locale",
      ])
        document.cookie = `${name}=tossed; domain=clinic.localhost; path=/; secure`;
    });
    const arrived = (await context.cookies(armonia.origin)).filter(({ value }) => value === "tossed");
    faults.push(
      ...arrived.filter(({ name }) => name.startsWith("__Host-")).map(({ name }) => `${name} was tossed`),
    );
    expect(arrived.length, "cookies without the prefix do arrive").toBeGreaterThan(0);
    await page.goto(`${armonia.origin}/members`);
    await expect(page.locator("html")).toHaveAttribute("lang", "ro");
    await expect(page.getByText(`${(await canaryOf("armonia")).text}@e2e.test`)).toBeVisible();

    figure("H-3", faults.length, faults.length === 0);
    expect(faults).toEqual([]);

    const planted = [
      "rx_access=x; Path=/; Secure; HttpOnly; SameSite=lax",
      "__Host-rx_access=x; Path=/; Domain=clinic.localhost; Secure; HttpOnly; SameSite=lax",
      "__Host-rx_access=x; Path=/members",
    ].flatMap(faultsOf);
    expect(planted).toHaveLength(6);
  });
});
