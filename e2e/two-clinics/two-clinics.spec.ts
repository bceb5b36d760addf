import { Bodies } from "../support/bodies";
import { canaryOf } from "../support/canaries";
import { memberOf } from "../support/core";
import { freshLogin } from "../support/login";
import { Shell } from "../support/pages/shell";
import { SignIn } from "../support/pages/sign-in";
import { people } from "../support/people";
import { clinicSite, portalSite, ports } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";
import { ask } from "../support/wire";

const armonia = clinicSite("armonia");
const nord = clinicSite("nord");
const t = words("ro");

test.describe("two clinics in one browser", () => {
  // Verifies APP-03, APP-12
  test("the switcher moves to the other clinic's host, and neither host ever holds the other's data", async ({
    visit,
  }) => {
    const [here, there] = [await canaryOf("armonia"), await canaryOf("nord")];
    const { page, context } = await visit(null, armonia, {
      storageState: await freshLogin(people.admin(), armonia),
    });
    const bodies = new Bodies(page);
    await page.goto("/members");
    await expect(page.getByText(`${here.text}@e2e.test`)).toBeVisible();

    await new Shell(page).switchTo("Clinica Armonia", "Centrul Nord");

    await expect(page).toHaveURL(`${nord.origin}/`);
    await page.goto(`${nord.origin}/members`);
    await expect(page.getByText(`${there.text}@e2e.test`)).toBeVisible();
    await page.goto(`${nord.origin}/settings`);
    await expect(page.getByLabel(t("settings.field.legal_name"))).toHaveValue(`${there.text} SRL`);
    expect(await bodies.holding(here.text, nord.host)).toEqual([]);
    expect(await bodies.holding(there.text, armonia.host)).toEqual([]);
    // The same search finds what each host may hold: it can see.
    expect((await bodies.holding(here.text, armonia.host)).length).toBeGreaterThan(0);
    expect((await bodies.holding(there.text, nord.host)).length).toBeGreaterThan(0);

    await new Shell(page).signOut();
    const signedOut = new Bodies(page);
    await page.goBack();
    await new SignIn(page).isShown();
    await expect(page.getByText(there.text)).toHaveCount(0);
    expect(await signedOut.holding(there.text)).toEqual([]);
    const kept = await context.cookies(nord.origin);
    expect(kept.filter(({ name }) => name.includes("rx_access") || name.includes("rx_refresh"))).toEqual([]);
    expect(await page.evaluate(async () => (await caches.keys()).length + localStorage.length)).toBe(0);

    // The switcher moves one login session, so its end is the end in both clinics.
    await page.goto(`${armonia.origin}/members`);
    await new SignIn(page).isShown();
    expect(await signedOut.holding(here.text)).toEqual([]);
  });

  test("a member of the other clinic signs in here and sees nothing of it", async ({ visit }) => {
    const canary = await canaryOf("armonia");
    const { page } = await visit(await memberOf("nord", "specialist"), armonia);
    const bodies = new Bodies(page);
    for (const path of ["/", "/members", "/settings"]) {
      await page.goto(path);
      await expect(page.getByText(t("states.forbidden.not_a_member.title"))).toBeVisible();
    }
    const answer = await page.evaluate(async () => {
      const response = await fetch("/api/core/v1/me");
      return { status: response.status, body: await response.text() };
    });

    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain(canary.text);
    expect(await bodies.holding(canary.text)).toEqual([]);
  });

  test("a link of the switcher works once", async ({ visit }) => {
    const { page, context } = await visit(null, armonia, {
      storageState: await freshLogin(people.admin(), armonia),
    });
    let handoff = "";
    page.on("request", (request) => {
      if (request.url().includes("/auth/handoff?code=")) handoff = request.url();
    });
    await page.goto("/");
    await new Shell(page).switchTo("Clinica Armonia", "Centrul Nord");
    await expect(page).toHaveURL(`${nord.origin}/`);
    expect(handoff).not.toBe("");
    await context.clearCookies();

    await page.goto(handoff);

    await new SignIn(page).isShown();
  });

  test("a host that no clinic answers on is a plain 404 for every address", async () => {
    const canary = await canaryOf("armonia");
    const hosts = [
      { host: `nimeni.clinic.localhost:${ports.clinic}`, port: ports.clinic },
      { host: `alta-clinica.test:${ports.clinic}`, port: ports.clinic },
      { host: `nimeni.portal.localhost:${ports.portal}`, port: ports.portal },
      { host: `armonia.altceva.test:${ports.portal}`, port: ports.portal },
    ];
    for (const { host, port } of hosts) {
      for (const path of ["/", "/members", "/sign-in", "/api/core/v1/me", "/members?_rsc=1x", "/home"]) {
        const answer = await ask(port, { path, host });
        expect(answer.status, `${host}${path}`).toBe(404);
        expect(answer.setCookies, `${host}${path}`).toEqual([]);
        expect(answer.text).not.toContain("Armonia");
        expect(answer.text).not.toContain(canary.text);
      }
    }
  });

  test("the portal of a clinic without the patient shows no access", async ({ visit }) => {
    const { page } = await visit(people.patient(), portalSite("nord"));
    await page.goto("/home");

    await expect(page.locator('[data-slot="forbidden"]')).toBeVisible();
  });
});
