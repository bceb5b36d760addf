import { randomInt } from "node:crypto";
import type { Page } from "@playwright/test";
import { bookable } from "../support/bookable";
import { speak } from "../support/locale";
import { ready } from "../support/ready";
import { portalSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const portal = portalSite("armonia");
const t = words("en", "portal");

/** What has the focus: its role in short, its name, and whether a ring is drawn around it or its frame. */
async function focused(page: Page): Promise<{ name: string; ring: boolean }> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement)) return { name: "", ring: false };
    const ringed = [at, at.parentElement].some((element) => {
      const style = element ? getComputedStyle(element) : null;
      return style !== null && (style.outlineStyle !== "none" || style.boxShadow !== "none");
    });
    const name = at.getAttribute("aria-label") ?? at.getAttribute("name") ?? at.textContent ?? "";
    return { name: name.trim(), ring: ringed };
  });
}

/** Presses Tab until something of that name has the focus, which must be seen. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (name.test(at.name)) {
      expect(at.ring, `the focus on ${at.name} is seen`).toBe(true);
      return;
    }
    passed.push(at.name);
  }
  throw new Error(`Tab does not reach ${String(name)}; it passed ${passed.join(" | ")}`);
}

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
