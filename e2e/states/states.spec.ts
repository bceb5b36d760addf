import path from "node:path";
import type { Page } from "@playwright/test";
import type { Call, Gate } from "../support/gate";
import { test } from "../support/gated";
import { addressOf } from "../support/addresses";
import { speak } from "../support/locale";
import { people } from "../support/people";
import { ready } from "../support/ready";
import { routesOf, type Route } from "../support/routes";
import { clinicSite, consoleSite, gated, portalSite, results, type AppName } from "../support/stack";
import { expect, type Visit } from "../support/test";
import { locales, words, type Locale } from "../support/words";

const sites = {
  clinic: gated(clinicSite("armonia")),
  portal: gated(portalSite("armonia")),
  console: gated(consoleSite()),
};
const owners = { clinic: people.admin, portal: people.patient, console: people.operator };

/** Every page asks these before it knows who is there and where; without them there is no screen to have a state. */
const frame = /^\/v1\/(me|public\/organizations\/resolve)$/;
const isData = (call: Call) => call.method === "GET" && !frame.test(call.path);

/** Screens whose lists may be empty without a word: what they show does not come from rows alone. */
const withoutEmpty = new Set([
  "clinic/",
  "clinic/account",
  "clinic/services/new",
  "clinic/settings",
  "clinic/settings/branding",
  "clinic/settings/integrations",
  "clinic/settings/rules",
  "clinic/specialists/[id]",
  "clinic/specialists/new",
  "console/",
  "console/account",
  "console/organizations/[id]",
  "console/settings",
  "portal/appointments/[id]",
  "portal/profile",
]);

/** Screens that say in words of their own that the API did not answer: the key of those words. */
const ownErrors: Record<string, string> = { "console/settings": "settings.issuer_unknown" };

/** A search that has results, where a screen asks only after one. */
const searches: Record<string, string> = { "console/users": "?search=demo" };

class Screen {
  state = "open";

  constructor(
    private readonly visit: Visit,
    private readonly gate: Gate,
    private readonly route: Route,
    private readonly address: string,
    private readonly locale: Locale,
  ) {}

  private get page(): Page {
    return this.visit.page;
  }

  private name(): string {
    return `${this.route.app}${this.route.path}`;
  }

  private async picture(state: string): Promise<void> {
    const file = `${this.name()
      .replace(/[/[\]]+/g, "-")
      .replace(/-$/, "")}-${state}-${this.locale}.png`;
    await this.page.screenshot({ path: path.join(results, "states", file) });
  }

  /** Opens the screen as it is and answers whether it asks for data. */
  private async open(): Promise<boolean> {
    this.gate.reset();
    await this.page.goto(this.address);
    await expect(this.page.locator('[aria-busy="true"]')).toHaveCount(0);
    return this.gate.calls.some(isData);
  }

  private async offline(): Promise<void> {
    const text = this.route.app === "portal" ? "navigation.offline" : "shell.offline";
    const bar = this.page.getByRole("status").filter({ hasText: words(this.locale, this.route.app)(text) });
    await this.visit.context.setOffline(true);
    await expect(bar).toBeVisible();
    await this.picture("offline");
    await this.visit.context.setOffline(false);
    await expect(bar).toHaveCount(0);
  }

  private async loading(): Promise<void> {
    this.gate.rule = (call) => (isData(call) ? "hold" : "pass");
    await this.page.goto(this.address, { waitUntil: "commit" });
    const busy = this.page.locator('[aria-busy="true"]');
    await expect(busy.first()).toBeVisible();
    await expect(busy.first()).toContainText(words(this.locale)("states.loading"));
    await this.picture("loading");
    this.gate.reset();
    await expect(busy).toHaveCount(0);
  }

  private async error(): Promise<void> {
    this.gate.rule = (call) => (isData(call) ? "fail" : "pass");
    await this.page.goto(this.address);
    const own = ownErrors[this.name()];
    if (own) {
      await expect(this.page.getByText(words(this.locale, this.route.app)(own)).first()).toBeVisible();
      await this.picture("error");
      this.gate.reset();
      return;
    }
    const state = this.page.locator('[data-slot="error-state"]');
    await expect(state.first()).toContainText("dependency_unavailable");
    await this.picture("error");
    this.gate.reset();
    await state
      .first()
      .getByRole("button", { name: words(this.locale)("states.retry") })
      .click();
    await expect(state).toHaveCount(0);
  }

  private async empty(): Promise<void> {
    this.gate.rule = (call) => (isData(call) ? "empty" : "pass");
    await this.page.goto(this.address);
    const state = this.page.locator('[data-slot="empty-state"]');
    await expect(state.first()).toBeVisible();
    expect((await state.first().innerText()).length).toBeGreaterThan(10);
    await this.picture("empty");
    this.gate.reset();
  }

  /** Shows the screen in every state that it has; `state` names the one it was in when it failed. */
  async everyState(): Promise<void> {
    const asks = await this.open();
    this.state = "offline";
    await this.offline();
    if (!asks) return;
    this.state = "error";
    await this.error();
    this.state = "empty";
    if (!withoutEmpty.has(this.name())) await this.empty();
    this.state = "loading";
    await this.loading();
  }
}

// Verifies APP-16
test.describe("every screen in every state", () => {
  test.setTimeout(600_000);

  for (const app of ["clinic", "portal", "console"] as const satisfies AppName[]) {
    for (const locale of locales) {
      test(`${app} in ${locale}`, async ({ visit, gate }) => {
        const size = app === "portal" ? { viewport: { width: 390, height: 844 } } : {};
        const opened = await visit(owners[app](), sites[app], size);
        await speak(opened.context, sites[app], locale);
        const lacking: string[] = [];
        for (const route of routesOf(app).filter(({ inside }) => inside)) {
          const name = `${app}${route.path}`;
          const screen = new Screen(
            opened,
            gate,
            route,
            `${await addressOf(route)}${searches[name] ?? ""}`,
            locale,
          );
          const fault = await screen.everyState().then(
            () => null,
            (error: Error) => `${name} ${screen.state}: ${error.message}`,
          );
          if (fault) lacking.push(fault);
          await opened.context.setOffline(false);
        }

        expect(lacking).toEqual([]);
      });
    }
  }

  test("while the Core API is away a page says so and keeps the session", async ({ visit, gate }) => {
    const { page, context } = await visit(people.admin(), sites.clinic);
    gate.rule = () => "fail";
    const answer = await page.goto("/members");
    expect(answer?.status()).toBe(503);
    await expect(page.getByText(words("ro")("states.unavailable_title"))).toBeVisible();
    expect((await context.cookies()).filter(({ name }) => name.includes("rx_"))).toHaveLength(2);

    gate.rule = (call) => (call.path === "/v1/me" ? "fail" : "pass");
    await page.goto("/members");
    await expect(page.locator('[data-slot="error-state"]')).toContainText("dependency_unavailable");
    gate.reset();
    await page.getByRole("button", { name: words("ro")("states.retry") }).click();
    await expect(
      page.getByRole("heading", { name: words("ro")("members.title"), exact: true }),
    ).toBeVisible();
  });

  test("a form that is sent without a network keeps what was typed", async ({ visit }) => {
    const { page, context } = await visit(people.specialist(), sites.clinic);
    const t = words("ro");
    await page.goto("/account");
    await ready(page);
    const field = page.getByLabel(t("account.name"));
    await field.fill("Scris fără rețea");
    await context.setOffline(true);
    await page
      .getByRole("button", { name: t("common.save"), exact: true })
      .first()
      .click();

    await expect(
      page.getByRole("alert").filter({ hasText: t("errors.codes.network_unavailable") }),
    ).toBeVisible();
    await expect(field).toHaveValue("Scris fără rețea");
    await context.setOffline(false);
  });
});
