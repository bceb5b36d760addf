import { linkIn, newestMail } from "../support/inbox";
import { memberOf } from "../support/core";
import { Members } from "../support/pages/members";
import { Shell } from "../support/pages/shell";
import { newcomer, people } from "../support/people";
import { ready } from "../support/ready";
import { clinicSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const armonia = clinicSite("armonia");
const t = words("ro");

/** Pages of the Clinic app that belong to the administrator alone. */
const adminOnly = [
  "/members",
  "/settings",
  "/settings/branding",
  "/settings/rules",
  "/settings/domains",
  "/settings/break-glass",
  "/settings/integrations",
  "/settings/access-keys",
];

/** What the page of a refused role says to the browser, which then draws "no access". */
const refusal = "NEXT_HTTP_ERROR_FALLBACK;403";

test.describe("invitation", () => {
  test("a member is invited by mail, makes an account and lands in the clinic with the menu of the role", async ({
    visit,
  }) => {
    const guest = newcomer("customer_support", "Ioana Invitata");
    const admin = await visit(people.admin(), armonia);
    const members = new Members(admin.page);
    await members.open();
    await members.invite(guest.email, "customer_support");
    const link = linkIn(await newestMail(guest.email), "/invitations/");
    expect(link.startsWith(`${armonia.origin}/invitations/`)).toBe(true);

    const { page } = await visit(null, armonia);
    await page.goto(link);
    await ready(page);
    await expect(page.getByRole("heading", { name: /Clinica Armonia/ })).toBeVisible();
    await expect(page.getByLabel(t("auth.email"), { exact: true })).toHaveValue(guest.email);
    await page.getByLabel(t("auth.name")).fill(guest.name);
    await page.locator('input[name="new-password"]').fill(guest.password);
    await page.getByRole("button", { name: t("auth.accept_submit") }).click();

    await expect(page).toHaveURL(`${armonia.origin}/`);
    const entries = await new Shell(page).entries();
    expect(entries).toContain("/");
    expect(entries.filter((entry) => adminOnly.includes(entry))).toEqual([]);
    await members.open(); // as the administrator
    await expect(members.row(guest.name)).toContainText(t("roles.customer_support"));

    await page.context().clearCookies();
    await page.goto(link);
    await expect(page.getByText(t("auth.invitation_gone_title"))).toBeVisible();
  });

  test("somebody else's session cannot take an invitation", async ({ visit }) => {
    const guest = newcomer("specialist", "Alt Invitat");
    const admin = await visit(people.admin(), armonia);
    const members = new Members(admin.page);
    await members.open();
    await members.invite(guest.email, "specialist");
    const link = linkIn(await newestMail(guest.email), "/invitations/");

    const { page } = await visit(people.specialist(), armonia);
    await page.goto(link);

    await expect(page.getByText(t("auth.invitation_wrong_title"))).toBeVisible();
    await expect(page.getByRole("button", { name: t("auth.accept_submit") })).toHaveCount(0);
  });

  test("a withdrawn invitation no longer opens", async ({ visit }) => {
    const guest = newcomer("specialist", "Fara Noroc");
    const admin = await visit(people.admin(), armonia);
    const members = new Members(admin.page);
    await members.open();
    await members.invite(guest.email, "specialist");
    const link = linkIn(await newestMail(guest.email), "/invitations/");
    await members.withdraw(guest.email);

    const { page } = await visit(null, armonia);
    await page.goto(link);

    await expect(page.getByText(t("auth.invitation_gone_title"))).toBeVisible();
  });

  // Verifies APP-13
  for (const role of ["customer_support", "specialist"] as const) {
    test(`what belongs to the administrator is absent for ${role}, and its address shows no access`, async ({
      visit,
    }) => {
      const account = role === "specialist" ? people.specialist() : await memberOf("armonia", role);
      const { page } = await visit(account, armonia);
      await page.goto("/");
      const shell = new Shell(page);
      const entries = await shell.entries();
      expect(entries.filter((entry) => adminOnly.includes(entry))).toEqual([]);

      // A page that streams has answered 200 before it knows the role; what counts is what it shows.
      await page.goto("/members");
      await shell.isForbidden();
      for (const path of adminOnly) {
        const answer = await (await page.request.get(path)).text();
        expect(answer, path).toContain(refusal);
      }
    });
  }

  // The other side of APP-13: the list above really is what an administrator has.
  test("the administrator's menu has all of it", async ({ visit }) => {
    const { page } = await visit(people.admin(), armonia);
    await page.goto("/");
    const entries = await new Shell(page).entries();

    expect(adminOnly.filter((path) => !entries.includes(path))).toEqual([]);
    for (const path of adminOnly)
      expect(await (await page.request.get(path)).text(), path).not.toContain(refusal);
  });
});
