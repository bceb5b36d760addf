import { randomInt } from "node:crypto";
import { bookable } from "../support/bookable";
import { Booking } from "../support/pages/booking";
import { changeSettings } from "../support/settings";
import { portalSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const t = words("ro", "portal");
const seconds = { hold_ttl_s: 30, hold_heartbeat_s: 5, hold_max_s: 60 };
const usual = { hold_ttl_s: null, hold_heartbeat_s: null, hold_max_s: null };

// Verifies APP-01
test.describe("a time that is kept", () => {
  test.setTimeout(180_000);
  test.beforeAll(() => changeSettings("nord", seconds));
  test.afterAll(() => changeSettings("nord", usual));

  test("runs out before the eyes of the guest, who takes another with what was typed", async ({ visit }) => {
    const { service } = await bookable("nord");
    const guest = {
      firstName: "Sorin",
      lastName: `Matei ${randomInt(1000, 9999)}`,
      phone: `0723${randomInt(100_000, 999_999)}`,
      email: `sorin.${randomInt(100_000, 999_999)}@guest.test`,
    };
    const { page } = await visit(null, portalSite("nord"), { viewport: { width: 360, height: 780 } });
    const booking = new Booking(page);
    await booking.service(service);
    await booking.firstTime();
    await booking.fill(guest);
    await expect(page.locator("[data-hold]").filter({ visible: true })).toContainText(/\d:\d\d/);

    // Nothing is touched any more: a minute later the clinic's longest hold is over, heartbeats or not.
    const lost = page.getByRole("alert").filter({ hasText: t("booking.lost_typed") });
    await expect(lost).toBeVisible({ timeout: 100_000 });
    await expect(page.getByRole("heading", { name: t("booking.time_title") })).toBeVisible();
    await booking.firstTime();

    for (const field of ["firstName", "lastName", "phone", "email"] as const)
      await expect(page.locator(`[name="${field}"]`)).toHaveValue(guest[field]);
    await booking.submit();
    await booking.isDone();
  });
});
