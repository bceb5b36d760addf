import { randomBytes } from "node:crypto";
import { adminOf } from "./core";
import { read } from "./shape";

export interface Bookable {
  id: string;
  service: string;
  /** In the address of the booking page. */
  slug: string;
  specialist: string;
}

const days = [1, 2, 3, 4, 5, 6, 7];
const made = new Map<string, Bookable>();

/**
 * Gives the clinic one specialist who works every day and one public service of half an hour, so that a guest finds a time
 * whatever the day. Made once for a run.
 */
export async function bookable(slug: string): Promise<Bookable> {
  const known = made.get(slug);
  if (known) return known;
  const admin = await adminOf(slug);
  const specialist = read.record(
    await admin.data("POST", "/v1/specialists", {
      name: "Ilinca Probă",
      title: "kinetoterapeut",
      scheduling_timezone: "Europe/Bucharest",
    }),
  );
  const id = read.text(specialist, "id");
  await admin.data("PUT", `/v1/specialists/${id}/hours`, {
    timezone: "Europe/Bucharest",
    hours: days.map((weekday) => ({ weekday, start: "08:00", end: "20:00" })),
  });
  const service = read.record(
    await admin.data("POST", "/v1/services", {
      name: `Consultație de probă ${randomBytes(3).toString("hex")}`,
      category: "consultation",
      duration_min: 30,
      base_price_minor: 20000,
      is_public: true,
      published: true,
      self_book: true,
    }),
  );
  await admin.data(
    "PUT",
    `/v1/services/${read.text(service, "id")}/specialists`,
    { specialists: [{ specialist_id: id }] },
    { "if-match": `"${String(service.row_version)}"` },
  );
  const bookable = {
    id: read.text(service, "id"),
    service: read.text(service, "name"),
    slug: read.text(service, "slug"),
    specialist: read.text(specialist, "name"),
  };
  made.set(slug, bookable);
  return bookable;
}
