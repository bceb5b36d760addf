import { randomInt } from "node:crypto";
import { bookable } from "../support/bookable";
import { adminOf } from "../support/core";
import { linkIn, newestMail } from "../support/inbox";
import { Booking } from "../support/pages/booking";
import { Desk } from "../support/pages/desk";
import { newcomer, people } from "../support/people";
import { ready } from "../support/ready";
import { read } from "../support/shape";
import { clinicSite, portalSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const portal = portalSite("armonia");
const t = words("ro", "portal");
const phone = { viewport: { width: 360, height: 780 } };

/** The state of a visit as the clinic's own API tells it. */
async function stateOf(reference: string): Promise<string> {
  const visits = read.list(await (await adminOf("armonia")).data("GET", "/v1/appointments?page_size=100"));
  return String(visits.find((visit) => visit.reference === reference)?.status);
}

// Verifies E2E-01, APP-01
test("a guest books on a phone, the front desk takes it over, the patient signs up from the mail and confirms", async ({
  visit,
}) => {
  const { service } = await bookable("armonia");
  const person = newcomer("patient", "Mirela");
  const guest = {
    firstName: "Mirela",
    lastName: `Stan ${person.name.split(" ").at(-1)}`,
    phone: `0722${randomInt(100_000, 999_999)}`,
    email: person.email,
  };
  const name = `${guest.firstName} ${guest.lastName}`;

  const public_ = await visit(null, portal, phone);
  const booking = new Booking(public_.page);
  await booking.service(service);
  await booking.firstTime();
  await booking.contact(guest);
  await booking.isDone();
  const confirmation = await newestMail(guest.email);
  const link = linkIn(confirmation, "/bookings/");
  const reference = new URL(link).pathname.split("/").at(-1) ?? "";
  await expect(public_.page.getByText(reference).first()).toBeVisible();
  await public_.page.goto(link);
  await expect(public_.page.getByText(service)).toBeVisible();
  expect(await stateOf(reference)).toBe("booked");

  const office = await visit(people.reception(), clinicSite("armonia"));
  const desk = new Desk(office.page);
  await desk.open();
  await desk.takeOver(name);
  expect(await stateOf(reference)).toBe("upcoming");

  const invitation = await newestMail(guest.email, confirmation.id);
  const { page } = await visit(null, portal, phone);
  await page.goto(linkIn(invitation, "/invitations/"));
  await ready(page);
  const fullName = page.getByLabel(words("ro")("auth.name"));
  if ((await fullName.inputValue()) === "") await fullName.fill(name);
  await page.locator('input[name="new-password"]').fill(person.password);
  await page.getByRole("button", { name: words("ro")("auth.accept_submit") }).click();
  await expect(page).toHaveURL(`${portal.origin}/home`);
  await expect(page.getByText(service).first()).toBeVisible();
  await page.getByRole("button", { name: t("visits.confirm") }).click();

  await expect(page.getByRole("button", { name: t("visits.confirm") })).toHaveCount(0);
  expect(await stateOf(reference)).toBe("confirmed");
});
