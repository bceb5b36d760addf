import { bookable } from "./bookable";
import { adminOf, clinicId } from "./core";
import { linkIn, newestMail } from "./inbox";
import { newcomer, people } from "./people";
import { filled, type Route } from "./routes";
import { read } from "./shape";
import { coreApi } from "./stack";

const slug = "armonia";
const day = 24 * 60 * 60_000;

async function firstId(path: string): Promise<string> {
  const [row] = read.list(await (await adminOf(slug)).data("GET", path));
  if (!row) throw new Error(`${path} has no row`);
  return read.text(row, "id");
}

/** The first time that the clinic offers for a service in the next two weeks. */
async function firstSlot(service: string): Promise<string> {
  const local = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);
  const query = new URLSearchParams({ service_id: service, from: local(1), to: local(14) });
  const offer = read.record(await (await adminOf(slug)).data("GET", `/v1/availability?${query.toString()}`));
  const [slot] = read.list(offer.slots);
  if (!slot) throw new Error("the clinic offers no time");
  return read.text(slot, "start");
}

/** The visit that the demo patient has from the first day. */
async function appointment(): Promise<string> {
  const patient = await firstId(`/v1/patients?search=${encodeURIComponent(people.patient().email)}`);
  return firstId(`/v1/appointments?patient_id=${patient}`);
}

/** A guest's booking: its reference and the query that opens it. */
async function booking(): Promise<string> {
  const { id: service } = await bookable(slug);
  const response = await fetch(`${coreApi}/v1/public/bookings`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
      "x-organization-slug": slug,
      "x-app": "portal",
    },
    body: JSON.stringify({
      slot: { service_id: service, start: await firstSlot(service) },
      contact: { first_name: "Radu", last_name: "Probă", phone: "0722000123", locale: "ro" },
      privacy_policy_version: 1,
    }),
  });
  if (!response.ok) throw new Error(`booking: ${response.status} ${await response.text()}`);
  const made = read.record(read.record(await response.json()).data);
  return `${read.text(made, "reference")}?t=${encodeURIComponent(read.text(made, "manage_token"))}`;
}

async function invitation(): Promise<string> {
  const guest = newcomer("specialist", "Invitat");
  const members = `/v1/organizations/${await clinicId(slug)}/members`;
  await (await adminOf(slug)).data("POST", members, { email: guest.email, role: "specialist" });
  const link = new URL(linkIn(await newestMail(guest.email), "/invitations/"));
  return link.pathname.split("/").at(-1) ?? "";
}

const makers: Record<string, () => Promise<string>> = {
  "organizations/[id]": () => clinicId(slug),
  "services/[id]": () => firstId("/v1/services"),
  "specialists/[id]": () => firstId("/v1/specialists"),
  "appointments/[id]": appointment,
  "bookings/[reference]": booking,
  "invitations/[token]": invitation,
};
const made = new Map<string, Promise<string>>();

/**
 * The address of a page with a row that exists for its part in brackets, made once for a run. Throws for a page whose part no
 * maker knows.
 */
export async function addressOf(route: Route): Promise<string> {
  const part = /\w+\/\[\w+\]/.exec(route.path)?.[0];
  if (!part) return route.path;
  const make = makers[part];
  if (!make) throw new Error(`${route.app}${route.path}: no row is known for ${part}`);
  const value = made.get(part) ?? make();
  made.set(part, value);
  const name = /\[(\w+)\]/.exec(part)?.[1] ?? "";
  return filled(route, { [name]: await value });
}
