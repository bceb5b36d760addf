import { Bodies } from "../support/bodies";
import { test } from "../support/gated";
import { SignIn } from "../support/pages/sign-in";
import { people } from "../support/people";
import { consoleSite, gated } from "../support/stack";
import { expect } from "../support/test";
import { words } from "../support/words";

const site = gated(consoleSite());
const t = words("ro", "console");

/** Everything that may be asked before the role is known: who is calling, and signing in. */
const beforeTheRole = /^\/v1\/(me|auth\/.*)$/;

test.describe("the Console's guard", () => {
  // Verifies APP-07 (first half)
  for (const role of ["specialist", "admin"] as const) {
    test(`${role} is denied and no data is asked for`, async ({ visit, gate }) => {
      const account = people[role]();
      const { page } = await visit(null, site);
      const bodies = new Bodies(page);
      const signIn = new SignIn(page);
      await signIn.open("/organizations");
      await signIn.password(account.email, account.password);
      await signIn.left();
      for (const path of ["/", "/organizations", "/organizations/new", "/users", "/settings"]) {
        await page.goto(path);
        await expect(page.getByText(t("states.forbidden.console.title"))).toBeVisible();
      }

      expect(gate.calls.filter((call) => !beforeTheRole.test(call.path))).toEqual([]);
      expect(gate.calls.length).toBeGreaterThan(0);
      expect((await bodies.settle()).filter(({ url }) => url.includes("/api/core/"))).toEqual([]);
      expect(await bodies.holding("Clinica Armonia")).toEqual([]);
    });
  }

  // The other side: the same count sees the data requests of someone who may.
  test("the operator's pages do ask", async ({ visit, gate }) => {
    const { page } = await visit(people.operator(), site);
    await page.goto("/organizations");
    await expect(page.getByText("Clinica Armonia")).toBeVisible();

    expect(gate.calls.filter((call) => !beforeTheRole.test(call.path)).length).toBeGreaterThan(0);
  });
});
