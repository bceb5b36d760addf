import type { CDPSession, Page } from "@playwright/test";
import { newMember } from "../support/core";
import { Shell } from "../support/pages/shell";
import { SignIn } from "../support/pages/sign-in";
import { clinicSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const armonia = clinicSite("armonia");
const t = words("ro");

/** Gives the page a device that keeps passkeys and always says yes. */
async function authenticator(page: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, id: authenticatorId };
}

test("a passkey is added, signs in without a password, and is refused once it was deleted", async ({
  visit,
}) => {
  const account = await newMember("armonia", "specialist", "Cheie Acces");
  const { page, context } = await visit(account, armonia);
  const { session, id } = await authenticator(page);
  await page.goto("/account");
  await page.getByRole("button", { name: t("account.passkey_add") }).click();
  await expect(page.getByRole("button", { name: t("account.passkey_remove"), exact: true })).toBeVisible();
  const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId: id });
  expect(credentials.map(({ rpId }) => rpId)).toEqual(["clinic.localhost"]);

  await new Shell(page).signOut();
  await page.getByRole("button", { name: t("auth.with_passkey") }).click();
  await new SignIn(page).left();
  await page.goto("/account");
  await expect(page.getByLabel(t("account.email"), { exact: true })).toHaveValue(account.email);

  await page.getByRole("button", { name: t("account.passkey_remove"), exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("account.passkey_remove"), exact: true })
    .click();
  await expect(page.getByRole("button", { name: t("account.passkey_remove"), exact: true })).toHaveCount(0);
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("auth.with_passkey") }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await new SignIn(page).isShown();
});
