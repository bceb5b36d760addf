import { expect, type Page } from "@playwright/test";
import { ready } from "../ready";
import { words, type Locale } from "../words";

export interface Guest {
  firstName: string;
  lastName: string;
  phone: string;
  email: string;
}

/** The public booking of the portal: service, time, contact, done. */
export class Booking {
  private readonly t;

  constructor(
    private readonly page: Page,
    locale: Locale = "ro",
  ) {
    this.t = words(locale, "portal");
  }

  /** Opens the list of services and chooses one by its name. */
  async service(name: string): Promise<void> {
    await this.page.goto("/book");
    await this.page.getByRole("link", { name: new RegExp(name) }).click();
    await expect(this.page.getByRole("heading", { name: this.t("booking.time_title") })).toBeVisible();
  }

  /** Takes the first free time of the first day that has two of them, and goes on to the contact form. */
  async firstTime(): Promise<void> {
    const day = this.page
      .getByRole("region", { name: this.t("booking.days") })
      .getByRole("button", { name: /, \d+ (de )?or[ăe] liber|, \d+ free/ });
    await day.first().click();
    const time = this.page.getByRole("button", { name: /^\d{1,2}:\d{2}$/ });
    await time.first().click();
    // Narrow and wide screens have a button and a countdown of their own; one of each is shown.
    const shown = { visible: true };
    await this.page
      .getByRole("button", { name: this.t("booking.to_contact") })
      .filter(shown)
      .click();
    await expect(this.page.locator("[data-hold]").filter(shown)).toBeVisible();
    await expect(this.page.getByRole("heading", { name: this.t("booking.contact_title") })).toBeVisible();
  }

  /** Writes the contact without sending it. */
  async fill(guest: Guest): Promise<void> {
    await ready(this.page);
    for (const field of ["firstName", "lastName", "phone", "email"] as const)
      await this.page.locator(`[name="${field}"]`).fill(guest[field]);
  }

  async submit(): Promise<void> {
    await this.page.getByRole("button", { name: this.t("booking.submit") }).click();
  }

  async contact(guest: Guest): Promise<void> {
    await this.fill(guest);
    await this.submit();
  }

  async isDone(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: this.t("booking.done_title") })).toBeVisible();
  }
}
