import { expect, type Locator, type Page } from "@playwright/test";
import { ready } from "../ready";
import { words, type Locale } from "../words";

/** The desk of the front office: bookings that wait for a call, and the panel that takes one over. */
export class Desk {
  private readonly t;

  constructor(
    private readonly page: Page,
    locale: Locale = "ro",
  ) {
    this.t = words(locale, "clinic");
  }

  async open(): Promise<void> {
    await this.page.goto("/bookings");
    await expect(this.page.getByRole("heading", { name: this.t("appointments.desk_title") })).toBeVisible();
  }

  /** A booking in the list by the name of who booked. */
  booking(name: string): Locator {
    return this.page
      .getByRole("region", { name: this.t("appointments.desk_list") })
      .getByText(name)
      .first();
  }

  /** Takes the booking of a guest over as a new patient who is invited to the portal; the visit is not confirmed. */
  async takeOver(name: string): Promise<void> {
    await this.page.getByText(name).first().click();
    await expect(this.page.getByRole("heading", { name })).toBeVisible();
    await ready(this.page);
    await this.page.getByRole("radio", { name: this.t("appointments.make_file") }).click();
    await this.page.getByRole("button", { name: this.t("appointments.to_invite") }).click();
    await expect(
      this.page.getByRole("checkbox", { name: this.t("appointments.invite_label") }),
    ).toBeChecked();
    await this.page.getByRole("button", { name: this.t("appointments.to_confirm") }).click();
    await this.page.getByRole("button", { name: this.t("appointments.take_only") }).click();
    await expect(this.page.getByText(this.t("appointments.taken_toast", { name }))).toBeVisible();
  }
}
