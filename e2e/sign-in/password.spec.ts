import { freshLogin } from "../support/login";
import { newMember } from "../support/core";
import { Shell } from "../support/pages/shell";
import { SignIn } from "../support/pages/sign-in";
import { newcomer, people } from "../support/people";
import { ready } from "../support/ready";
import { clinicSite, consoleSite } from "../support/stack";
import { expect, test } from "../support/test";
import { codeAt, freshCode, wrongCode } from "../support/totp";
import { words } from "../support/words";

const armonia = clinicSite("armonia");
const t = words("ro");

test.describe("sign-in", () => {
  test("the operator signs in with password and code app; a wrong code lets nobody in", async ({ visit }) => {
    const operator = people.operator();
    const { page } = await visit(null, consoleSite());
    const signIn = new SignIn(page);
    await signIn.open();
    await signIn.password(operator.email, operator.password);

    await signIn.secondStep(wrongCode(operator.totp ?? ""));
    await signIn.isRefused();
    await signIn.secondStep(await freshCode(operator.totp ?? ""));

    await signIn.left();
    await expect(
      page.getByRole("link", { name: words("ro", "console")("navigation.organizations") }),
    ).toBeVisible();
  });

  test("without scripts a password never gets into an address", async ({ visit }) => {
    const account = people.specialist();
    const { page } = await visit(null, armonia, { javaScriptEnabled: false });
    await page.goto("/sign-in");
    await page.locator('input[name="email"]').fill(account.email);
    await page.locator('input[name="password"]').fill(account.password);
    const sent = page.waitForRequest((request) => request.isNavigationRequest());
    await page.getByRole("button", { name: t("auth.submit"), exact: true }).click();

    const request = await sent;
    expect(request.method()).toBe("POST");
    expect(request.url()).not.toContain("password");
  });

  test("a wrong password and an unknown address get the same sentence", async ({ visit }) => {
    const stranger = newcomer("specialist", "Nimeni");
    const { page } = await visit(null, armonia);
    const signIn = new SignIn(page);
    const refusals: string[] = [];
    for (const email of [people.specialist().email, stranger.email]) {
      await signIn.open();
      await signIn.password(email, stranger.password);
      await signIn.isRefused();
      refusals.push((await page.getByRole("alert").first().innerText()).replace(/[0-9a-f-]{36}/, "id"));
    }

    expect(refusals[0]).toBe(refusals[1]);
    expect((await page.context().cookies()).filter(({ name }) => name.includes("rx_"))).toEqual([]);
  });

  test("a deep link leads to sign-in and back to the page", async ({ visit }) => {
    const { page } = await visit(null, armonia);
    await page.goto("/members?page=1");
    const signIn = new SignIn(page);
    await signIn.isShown();
    await signIn.password(people.admin().email, people.admin().password);

    await expect(page).toHaveURL(`${armonia.origin}/members?page=1`);
  });

  // The half of APP-03 that stands on one clinic.
  test("after sign-out Back shows the sign-in page and no other tab stays", async ({ visit }) => {
    const account = people.specialist();
    const { page, context } = await visit(null, armonia, {
      storageState: await freshLogin(account, armonia),
    });
    await page.goto("/account");
    await expect(page.getByLabel(t("account.name"))).toHaveValue(account.name);
    await page.goto("/");
    const other = await context.newPage();
    await other.goto("/account");

    await new Shell(page).signOut();
    await expect(other).toHaveURL(/\/sign-in/);
    await page.goBack();

    await new SignIn(page).isShown();
    await expect(page.getByText(account.name)).toHaveCount(0);
    expect((await context.cookies()).filter(({ name }) => name.includes("rx_"))).toEqual([]);
  });

  test("a code app is turned on, asked for, and replaced once by a recovery code", async ({ visit }) => {
    const account = await newMember("armonia", "specialist", "Cod Aplicatie");
    const first = await visit(account, armonia);
    await first.page.goto("/account");
    await ready(first.page);
    await first.page.getByRole("button", { name: t("account.totp_begin") }).click();
    const secret = await first.page.locator("code").innerText();
    await first.page
      .getByLabel(t("account.totp_code"))
      .fill(codeAt(secret, Math.floor(Date.now() / 30_000) - 1));
    await first.page.getByRole("button", { name: t("account.totp_activate") }).click();
    await expect(first.page.getByText(t("account.recovery_title"))).toBeVisible();
    const recovery = await first.page
      .getByRole("listitem")
      .filter({ hasText: /^[A-Za-z0-9-]{8,}$/ })
      .allInnerTexts();
    expect(recovery).toHaveLength(10);

    const { page } = await visit(null, armonia);
    const signIn = new SignIn(page);
    await signIn.open();
    await signIn.password(account.email, account.password);
    await signIn.secondStep(recovery[0] ?? "");
    await signIn.left();
    await new Shell(page).signOut();

    await signIn.open();
    await signIn.password(account.email, account.password);
    await signIn.secondStep(recovery[0] ?? "");
    await signIn.isRefused();
    await signIn.secondStep(await freshCode(secret));
    await signIn.left();
  });

  test("a code from the e-mail signs in", async ({ visit }) => {
    const account = await newMember("armonia", "customer_support", "Cod Posta");
    const { page } = await visit(null, armonia);
    const signIn = new SignIn(page);
    await signIn.open();
    await signIn.byMail(account.email);

    await signIn.left();
    await expect(new Shell(page).menu()).toBeVisible();
  });

  test("a forgotten password is replaced by a link that works once", async ({ visit }) => {
    const account = await newMember("armonia", "specialist", "Parola Uitata");
    const next = newcomer("specialist", "Parola Noua").password;
    const { page } = await visit(null, armonia);
    const signIn = new SignIn(page);
    const link = await signIn.forgot(account.email);
    await page.goto(link);
    await ready(page);
    await page.locator('input[name="new-password"]').fill(next);
    await page.getByRole("button", { name: t("auth.reset_submit") }).click();
    await expect(page.getByText(t("auth.reset_done_title"))).toBeVisible();

    await signIn.open();
    await signIn.password(account.email, account.password);
    await signIn.isRefused();
    await signIn.as({ ...account, password: next });
    await page.context().clearCookies();
    await page.goto(link);
    await ready(page);
    await page.locator('input[name="new-password"]').fill(`${next}x`);
    await page.getByRole("button", { name: t("auth.reset_submit") }).click();
    await expect(page.getByText(t("errors.codes.link_used"))).toBeVisible();
  });
});
