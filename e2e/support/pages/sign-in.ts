import { expect, type Page } from "@playwright/test";
import { linkIn, newestMail } from "../inbox";
import type { Account } from "../people";
import { ready } from "../ready";
import { freshCode } from "../totp";
import { words, type Locale } from "../words";

/** The sign-in page of any app, and the dialog that asks again. */
export class SignIn {
  private readonly t;

  constructor(
    private readonly page: Page,
    locale: Locale = "ro",
  ) {
    this.t = words(locale);
  }

  async open(returnTo?: string): Promise<void> {
    await this.page.goto(returnTo ? `/sign-in?return=${encodeURIComponent(returnTo)}` : "/sign-in");
  }

  /** Fills the password form in and sends it. */
  async password(email: string, password: string): Promise<void> {
    await ready(this.page);
    // The page behind the dialog may have a password form of its own, but no other that asks for an address.
    const form = this.page.locator("form").filter({ has: this.page.locator('input[name="email"]') });
    await form.locator('input[name="email"]').fill(email);
    await form.locator('input[name="password"]').fill(password);
    await form.getByRole("button", { name: this.t("auth.submit"), exact: true }).click();
  }

  /** Sends a code of the app, or a recovery code. */
  async secondStep(code: string): Promise<void> {
    await this.page.getByLabel(this.t("auth.second_code")).fill(code);
    await this.page.getByRole("button", { name: this.t("auth.submit"), exact: true }).click();
  }

  /** Asks for a code by mail, reads it in the inbox and sends it. */
  async byMail(email: string): Promise<void> {
    await this.page.getByRole("button", { name: this.t("auth.with_code") }).click();
    await this.page.getByLabel(this.t("auth.email"), { exact: true }).fill(email);
    const before = await newestMail(email);
    await this.page.getByRole("button", { name: this.t("auth.send_code") }).click();
    const code = /\b\d{6}\b/.exec((await newestMail(email, before.id)).text)?.[0] ?? "";
    await this.page.getByLabel(this.t("auth.code"), { exact: true }).fill(code);
    await this.page.getByRole("button", { name: this.t("auth.submit"), exact: true }).click();
  }

  /** Asks for the link to a new password and answers it from the inbox. */
  async forgot(email: string): Promise<string> {
    await this.page.goto("/forgot-password");
    await this.page.getByLabel(this.t("auth.email"), { exact: true }).fill(email);
    const before = await newestMail(email);
    await this.page.getByRole("button", { name: this.t("auth.forgot_submit") }).click();
    await expect(this.page.getByText(this.t("auth.forgot_sent_title"))).toBeVisible();
    return linkIn(await newestMail(email, before.id), "/reset-password");
  }

  /** The whole way in. */
  async as(account: Account): Promise<void> {
    await this.open();
    await this.password(account.email, account.password);
    if (account.totp) await this.secondStep(await freshCode(account.totp));
    await this.left();
  }

  /** Waits until the page is another one. */
  async left(): Promise<void> {
    await expect(this.page).not.toHaveURL(/\/sign-in/);
  }

  async isShown(): Promise<void> {
    await expect(this.page).toHaveURL(/\/sign-in/);
    await expect(this.page.locator('input[name="password"]')).toBeVisible();
  }

  /** The one neutral sentence of a refused try. */
  async isRefused(): Promise<void> {
    await expect(
      this.page.getByRole("alert").filter({ hasText: this.t("errors.codes.invalid_credentials") }),
    ).toBeVisible();
  }
}
