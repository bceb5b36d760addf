import { expect, type Page } from "@playwright/test";
import { ready } from "../ready";
import { words, type Locale } from "../words";

/** Who provides care and when: the screens of a specialist, and the service that is offered. */
export class Care {
  private readonly t;

  constructor(
    private readonly page: Page,
    locale: Locale = "ro",
  ) {
    this.t = words(locale);
  }

  /** Adds a specialist and answers the id; the hours come next. */
  async add(name: string): Promise<string> {
    await this.page.goto("/specialists/new");
    await ready(this.page);
    await this.page.locator('[name="name"]').fill(name);
    await this.page.getByRole("button", { name: this.t("specialists.add"), exact: true }).click();
    await this.page.waitForURL(/\/specialists\/[0-9a-f-]{36}\/hours/);
    return new URL(this.page.url()).pathname.split("/")[2] ?? "";
  }

  /** One long range on Monday, split around a break and copied to every day. */
  async wholeWeek(monday: string): Promise<void> {
    await ready(this.page);
    const button = (key: string, values: Record<string, string>) =>
      this.page.getByRole("button", { name: this.t(`specialists.${key}`, values), exact: true });
    await button("add_range_of", { day: monday }).click();
    await button("split_of", { day: monday, count: "1" }).click();
    await expect(
      this.page.getByLabel(this.t("specialists.from_of", { day: monday, count: "2" })),
    ).toHaveValue("13:30");
    await button("copy_to_of", { day: monday }).click();
    await this.page.getByRole("menuitem", { name: this.t("specialists.copy_all") }).click();
    await this.page.getByRole("button", { name: this.t("common.save"), exact: true }).click();
    await expect(this.page.getByRole("status").filter({ hasText: this.t("common.saved") })).toBeVisible();
  }

  /** A day of the month, by its date. */
  day(date: string) {
    return this.page.locator(`[data-date="${date}"]`);
  }
}
