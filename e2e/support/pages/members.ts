import { expect, type Locator, type Page } from "@playwright/test";
import { words, type Locale } from "../words";

/** The clinic's team: members, and invitations that wait. */
export class Members {
  private readonly t;

  constructor(
    private readonly page: Page,
    locale: Locale = "ro",
  ) {
    this.t = words(locale);
  }

  async open(): Promise<void> {
    await this.page.goto("/members");
    await expect(
      this.page.getByRole("heading", { name: this.t("members.title"), exact: true }),
    ).toBeVisible();
  }

  async invite(email: string, role: "specialist" | "customer_support" | "admin"): Promise<void> {
    await this.page.getByRole("button", { name: this.t("members.invite"), exact: true }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel(this.t("members.email")).fill(email);
    await dialog.getByRole("radio", { name: this.t(`roles.${role}`) }).click();
    await dialog.getByRole("button", { name: this.t("members.invite_submit") }).click();
    await expect(dialog).toBeHidden();
    await expect(this.invitation(email)).toBeVisible();
  }

  async withdraw(email: string): Promise<void> {
    await this.invitation(email)
      .getByRole("button", { name: this.t("members.revoke") })
      .click();
    const dialog = this.page.getByRole("dialog").or(this.page.getByRole("alertdialog"));
    await dialog.getByRole("button", { name: this.t("members.revoke") }).click();
    await expect(this.invitation(email)).toHaveCount(0);
  }

  invitation(email: string): Locator {
    return this.page.getByRole("listitem").filter({ hasText: email });
  }

  row(name: string): Locator {
    return this.page.getByRole("row").filter({ hasText: name });
  }
}
