import { expect, type Locator, type Page } from "@playwright/test";
import { words, type Locale } from "../words";

/** The frame around every page behind sign-in: menu, person, clinic. */
export class Shell {
  private readonly t;

  constructor(
    private readonly page: Page,
    locale: Locale = "ro",
  ) {
    this.t = words(locale);
  }

  menu(): Locator {
    return this.page.getByRole("navigation", { name: this.t("shell.menu") });
  }

  /** The entries of the menu by their addresses, in order. */
  async entries(): Promise<string[]> {
    await expect(this.menu()).toBeVisible();
    return this.menu()
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  }

  async signOut(): Promise<void> {
    await this.page.getByRole("button", { name: this.t("shell.user_menu") }).click();
    await this.page.getByRole("menuitem", { name: this.t("shell.sign_out") }).click();
    await expect(this.page).toHaveURL(/\/sign-in/);
  }

  /** Moves to another clinic with the switcher. */
  async switchTo(from: string, to: string): Promise<void> {
    await this.page.getByRole("button", { name: `${from} ${this.t("shell.switch_clinic")}` }).click();
    await this.page.getByRole("menuitemradio", { name: to }).click();
  }

  /** The page that stands where somebody's role does not reach. */
  async isForbidden(): Promise<void> {
    await expect(this.page.locator('[data-slot="forbidden"]')).toBeVisible();
    await expect(this.page.getByText(this.t("states.forbidden.page.title"))).toBeVisible();
  }
}
