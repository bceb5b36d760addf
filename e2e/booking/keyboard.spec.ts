import { randomInt } from "node:crypto";
import { bookable } from "../support/bookable";
import { tabTo } from "../support/keyboard";
import { speak } from "../support/locale";
import { ready } from "../support/ready";
import { portalSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const portal = portalSite("armonia");
const t = words("en", "portal");

// Verifies APP-04 (booking by keyboard; the session comes with its screens)
test("a guest books without a mouse", async ({ visit }) => {
  const { service } = await bookable("armonia");
  const { page, context } = await visit(null, portal);
  await speak(context, portal, "en");
  await page.goto("/book");
  await ready(page);
  await tabTo(page, new RegExp(service));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: t("booking.time_title") })).toBeVisible();
  await ready(page);
  await tabTo(page, /, \d+ free/);
  await page.keyboard.press("Space");
  await tabTo(page, /^\d{1,2}:\d{2}$/);
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-hold]").filter({ visible: true })).toBeVisible();
  await tabTo(page, new RegExp(`^${t("booking.to_contact")}$`));
  await page.keyboard.press("Enter");
  // The new step takes the focus, so the next Tab starts at its top.
  await expect(page.getByRole("heading", { name: t("booking.contact_title") })).toBeFocused();
  const values = {
    firstName: "Elena",
    lastName: `Dobre ${randomInt(1000, 9999)}`,
    phone: `0724${randomInt(100_000, 999_999)}`,
  };
  for (const [field, value] of Object.entries(values)) {
    await tabTo(page, new RegExp(`^${field}$`));
    await page.keyboard.type(value);
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: t("booking.done_title") })).toBeFocused();
});
