import { randomBytes } from "node:crypto";
import { adminOf } from "../support/core";
import { tabTo } from "../support/keyboard";
import { speak } from "../support/locale";
import { Booking } from "../support/pages/booking";
import { Care } from "../support/pages/care";
import { people } from "../support/people";
import { ready } from "../support/ready";
import { read } from "../support/shape";
import { clinicSite, portalSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const clinic = clinicSite("armonia");
const portal = portalSite("armonia");
const ro = words("ro");
const en = words("en");

/** A local date of the clinic so many days from now. */
function dayFromNow(days: number): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Bucharest" }).format(at);
}

async function overridesOf(id: string): Promise<string[]> {
  const admin = await adminOf("armonia");
  const rows = read.list(await admin.data("GET", `/v1/specialists/${id}/date-overrides`));
  return rows.map((row) => {
    const ranges = read
      .list(row.ranges)
      .map((range) => `${read.text(range, "start")}-${read.text(range, "end")}`);
    return [read.text(row, "date"), String(row.available), ...ranges].join(" ");
  });
}

/** A public service of half an hour that the specialist offers. */
async function offer(name: string, specialist: string): Promise<void> {
  const admin = await adminOf("armonia");
  const made = read.record(
    await admin.data("POST", "/v1/services", {
      name,
      category: "therapy",
      duration_min: 30,
      base_price_minor: 15000,
      is_public: true,
      published: true,
      self_book: true,
    }),
  );
  await admin.data(
    "PUT",
    `/v1/services/${read.text(made, "id")}/specialists`,
    { specialists: [{ specialist_id: specialist }] },
    { "if-match": `"${String(made.row_version)}"` },
  );
}

// Verifies CORE-02 (on the screen: the day that is chosen is the day that is kept, seen from New York)
test("a new specialist becomes bookable on the portal", async ({ visit }) => {
  const name = `Andrei Luca ${randomBytes(2).toString("hex")}`;
  const service = `Masaj terapeutic ${randomBytes(2).toString("hex")}`;
  const { page } = await visit(people.admin(), clinic, { timezoneId: "America/New_York" });
  const care = new Care(page);
  const id = await care.add(name);
  await care.wholeWeek("Luni");

  // Two days away, then other hours on one of them that is asked about first.
  const [first, second] = [dayFromNow(1), dayFromNow(2)];
  const month = (date: string) => page.goto(`/specialists/${id}/hours?month=${date.slice(0, 7)}`);
  await month(first);
  await ready(page);
  await care.day(first).click();
  await care.day(second).click();
  await page.getByRole("button", { name: /Adaugă 2 zile/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: ro("specialists.add_override") }).click();
  await expect(dialog).toBeHidden();
  expect(await overridesOf(id)).toEqual([`${first} false`, `${second} false`]);
  await care.day(second).click();
  await page.getByRole("button", { name: /Adaugă 1 zi/ }).click();
  await dialog.getByRole("radio", { name: new RegExp(ro("specialists.kind.part")) }).click();
  await dialog.getByRole("button", { name: ro("specialists.add_override") }).click();
  await expect(dialog.getByRole("alert")).toContainText(ro("specialists.merge_text"));
  await dialog.getByRole("button", { name: ro("specialists.merge"), exact: true }).click();
  await expect(dialog).toBeHidden();
  // A day that is blocked whole stays that; its end brings the usual hours back.
  expect(await overridesOf(id)).toEqual([`${first} false`, `${second} false`]);
  await page
    .getByRole("listitem")
    .filter({ hasText: ro("specialists.kind.off") })
    .getByRole("button")
    .first()
    .click();
  await dialog.getByRole("button", { name: ro("specialists.remove_override") }).click();
  await expect(dialog).toBeHidden();
  expect(await overridesOf(id)).toHaveLength(1);

  await offer(service, id);
  const guest = await visit(null, portal);
  const booking = new Booking(guest.page);
  await booking.service(service);
  await expect(guest.page.getByRole("button", { name: /, \d+ (de )?or[ăe] liber/ }).first()).toBeVisible();
  await booking.firstTime();
});

// Verifies APP-04 (hours and exceptions by keyboard)
test("a specialist gets hours and a day off without a mouse", async ({ visit }) => {
  const { page, context } = await visit(people.admin(), clinic);
  await speak(context, clinic, "en");
  await page.goto("/specialists/new");
  await ready(page);
  await tabTo(page, /^name$/);
  await page.keyboard.type(`Mara Iancu ${randomBytes(2).toString("hex")}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/specialists\/[0-9a-f-]{36}\/hours/);
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  await ready(page);
  await tabTo(page, new RegExp(`^${en("specialists.add_range_of", { day: "Monday" })}$`));
  await page.keyboard.press("Enter");
  await tabTo(page, new RegExp(`^${en("specialists.from_of", { day: "Monday", count: "1" })}$`), "Shift+Tab");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+ArrowUp");
  await tabTo(page, new RegExp(`^${en("specialists.copy_to_of", { day: "Monday" })}$`));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter"); // all working days
  await tabTo(page, new RegExp(`^${en("common.save")}$`));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: en("common.saved") })).toBeVisible();
  const admin = await adminOf("armonia");
  const week = read.record(await admin.data("GET", `/v1/specialists/${id}/hours`));
  expect(week.hours).toEqual([1, 2, 3, 4, 5].map((weekday) => ({ weekday, start: "10:15", end: "17:00" })));

  const today = dayFromNow(0);
  await page.goto(`/specialists/${id}/hours?month=${today.slice(0, 7)}`);
  await ready(page);
  await tabTo(page, /\d{4}/); // the day of today, by its full date
  await expect(page.locator(`[data-date="${today}"]`)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  const tomorrow = dayFromNow(1);
  await expect(page.locator(`[data-date="${tomorrow}"]`)).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, new RegExp(`^${en("specialists.add_override")}$`));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await overridesOf(id)).toEqual([`${tomorrow} false`]);
});
