import { colourRules, seriousFindings, wearTheme } from "../support/axe";
import { addressOf } from "../support/addresses";
import { speak } from "../support/locale";
import { people } from "../support/people";
import { ready } from "../support/ready";
import { routesOf, type Route } from "../support/routes";
import { clinicSite, consoleSite, portalSite, ports, type AppName, type Site } from "../support/stack";
import { expect, test } from "../support/test";
import { locales } from "../support/words";

const sites: Record<AppName, Site> = {
  clinic: clinicSite("armonia"),
  portal: portalSite("armonia"),
  console: consoleSite(),
};
const owners = { clinic: people.admin, portal: people.patient, console: people.operator };

/** Pages that stand on the platform's own address, and pages that ask for a session though they are outside. */
function hostOf(route: Route): string {
  if (route.path !== "/find-clinic") return sites[route.app].origin;
  return `http://${route.app}.localhost:${route.app === "clinic" ? ports.clinic : ports.portal}`;
}
const signedIn = (route: Route) => route.inside || route.path === "/mfa";

// Verifies APP-04 (the half of axe; booking by keyboard comes with its screens)
test.describe("axe on every route, in both languages and both themes", () => {
  test.setTimeout(600_000);

  for (const app of ["clinic", "portal", "console"] as const) {
    test(`${app}: nothing serious or critical`, async ({ visit }) => {
      const site = sites[app];
      const size = app === "portal" ? { viewport: { width: 390, height: 844 } } : {};
      const inside = await visit(owners[app](), site, size);
      const outside = await visit(null, site, size);
      const found: string[] = [];
      const routes = routesOf(app);
      expect(routes.length).toBeGreaterThan(8);

      for (const locale of locales) {
        for (const { context } of [inside, outside]) await speak(context, site, locale);
        for (const route of routes) {
          const { page } = signedIn(route) ? inside : outside;
          await page.goto(`${hostOf(route)}${await addressOf(route)}`);
          if (route.path !== "/find-clinic")
            await expect(page.locator("html")).toHaveAttribute("lang", locale);
          await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
          for (const theme of ["light", "dark"] as const) {
            await wearTheme(page, theme);
            for (const { rule, impact, target } of await seriousFindings(
              page,
              theme === "dark" ? colourRules : undefined,
            ))
              found.push(`${route.path} ${locale} ${theme}: ${rule} (${impact}) at ${target}`);
          }
        }
      }

      expect(found).toEqual([]);
    });
  }

  // The check can see: a planted button without a name and a text without contrast are found.
  test("a planted fault is found", async ({ visit }) => {
    const { page } = await visit(null, clinicSite("armonia"));
    await page.goto("/sign-in");
    await ready(page);
    await page.evaluate(() => {
      const button = document.createElement("button");
      const text = document.createElement("p");
      text.textContent = "Abia se vede";
      text.style.setProperty("color", "#ddd");
      text.style.setProperty("background", "#fff");
      document.querySelector("main")?.append(button, text);
    });

    expect(new Set((await seriousFindings(page)).map(({ rule }) => rule))).toEqual(
      new Set(["button-name", "color-contrast"]),
    );
  });
});
