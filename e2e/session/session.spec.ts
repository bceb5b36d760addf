import type { BrowserContext, Page } from "@playwright/test";
import { newMember } from "../support/core";
import { freshLogin } from "../support/login";
import { SignIn } from "../support/pages/sign-in";
import type { Account } from "../support/people";
import { ready } from "../support/ready";
import { clinicSite, coreApi } from "../support/stack";
import { expect, test, type Visit } from "../support/test";
import { words } from "../support/words";

const site = clinicSite("armonia");
const t = words("ro");
const access = "__Host-rx_access";
const refresh = "__Host-rx_refresh";

async function valueOf(context: BrowserContext, name: string): Promise<string> {
  return (await context.cookies(site.origin)).find((cookie) => cookie.name === name)?.value ?? "";
}

/** Ends the login session at the API, as the owner does from another device. */
async function revoke(context: BrowserContext): Promise<void> {
  const response = await fetch(`${coreApi}/v1/auth/logout`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-app": "clinic" },
    body: JSON.stringify({ refresh_token: await valueOf(context, refresh) }),
  });
  expect(response.ok).toBe(true);
}

/** Swaps letters of the signature: the API refuses the token, though its end of life has not come. */
async function spoil(context: BrowserContext): Promise<void> {
  const value = await valueOf(context, access);
  const at = value.lastIndexOf(".") + 10;
  const spoiled = `${value.slice(0, at)}${value[at] === "A" ? "B" : "A"}${value.slice(at + 1)}`;
  const known = (await context.cookies(site.origin)).find(({ name }) => name === access);
  if (!known) throw new Error("there is no access token");
  await context.addCookies([{ ...known, value: spoiled }]);
}

const nameField = (page: Page) => page.getByLabel(t("account.name"));
const save = (page: Page) =>
  page
    .locator("form")
    .filter({ has: nameField(page) })
    .getByRole("button", { name: t("common.save") });

// Verifies APP-11
test.describe("a session that ends while a form is filled in", () => {
  let account: Account;
  let opened: Visit;

  test.beforeEach(async ({ visit }) => {
    account ??= await newMember("armonia", "specialist", "Sesiune Lunga");
    opened = await visit(null, site, { storageState: await freshLogin(account, site) });
    await opened.page.goto("/account");
    await ready(opened.page);
    await opened.page.evaluate(() => Object.assign(window, { sameDocument: true }));
  });

  async function typed(text: string): Promise<void> {
    await nameField(opened.page).fill(text);
  }

  async function savedWithoutReload(text: string): Promise<void> {
    const { page } = opened;
    await expect(page.getByRole("status").filter({ hasText: t("common.saved") })).toBeVisible();
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
    await page.reload();
    await expect(nameField(page)).toHaveValue(text);
  }

  test("an access token that has run out is renewed silently", async () => {
    const { page, context } = opened;
    const before = await valueOf(context, refresh);
    await typed("Scris la expirare");
    await context.clearCookies({ name: access });

    await save(page).click();

    await savedWithoutReload("Scris la expirare");
    expect(await valueOf(context, access)).not.toBe("");
    expect(await valueOf(context, refresh)).not.toBe(before);
  });

  test("an access token that the API refuses is renewed silently", async () => {
    const { page, context } = opened;
    await typed("Scris cu jeton refuzat");
    await spoil(context);

    await save(page).click();

    await savedWithoutReload("Scris cu jeton refuzat");
  });

  for (const how of ["run out", "refused"] as const) {
    test(`a revoked session with a token that is ${how} asks again in a dialog and keeps the text`, async () => {
      const { page, context } = opened;
      const text = `Text păstrat (${how})`;
      await typed(text);
      await revoke(context);
      await (how === "run out" ? context.clearCookies({ name: access }) : spoil(context));

      await save(page).click();

      const dialog = page.getByRole("dialog", { name: t("auth.relogin_title") });
      await expect(dialog).toBeVisible();
      await expect(nameField(page)).toHaveValue(text);
      await new SignIn(page).password(account.email, account.password);
      await expect(dialog).toBeHidden();
      await expect(nameField(page)).toHaveValue(text);
      await save(page).click();
      await savedWithoutReload(text);
    });
  }

  test("a page that is opened after the end leads to sign-in with a word why, and back", async () => {
    const { page, context } = opened;
    await revoke(context);
    await spoil(context);

    await page.goto("/account");

    const signIn = new SignIn(page);
    await signIn.isShown();
    await expect(page.getByText(t("auth.ended"))).toBeVisible();
    await signIn.password(account.email, account.password);
    await expect(page).toHaveURL(`${site.origin}/account`);
  });
});
