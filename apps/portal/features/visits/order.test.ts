import { describe, expect, it } from "vitest";
import { splitVisits } from "./order";
import type { Visit } from "./wire";

const visit = (id: string, start: string, status: Visit["status"]): Visit => ({
  id,
  reference: id,
  status,
  start,
  end: new Date(Date.parse(start) + 1_800_000).toISOString(),
  timezone: "Europe/Bucharest",
  specialist_name: "Marry Joe",
  service_name: null,
  price_minor: null,
  currency: "RON",
  duration_min: 30,
  modality: "in_person",
  note: null,
  cancel_until: start,
  confirmed_at: null,
  cancel_reason: null,
  allowed: [],
  row_version: 1,
});

describe("a patient's visits", () => {
  it("are to come until their end, the nearest first", () => {
    const now = Date.parse("2026-02-03T11:10:00Z");
    const { coming, past } = splitVisits(
      [
        visit("later", "2026-02-06T08:00:00Z", "upcoming"),
        visit("running", "2026-02-03T11:00:00Z", "inprogress"),
        visit("over", "2026-02-03T10:00:00Z", "confirmed"),
        visit("cancelled", "2026-02-09T08:00:00Z", "cancelled"),
        visit("old", "2026-01-01T08:00:00Z", "done"),
      ],
      now,
    );
    expect(coming.map(({ id }) => id)).toEqual(["running", "later"]);
    expect(past.map(({ id }) => id)).toEqual(["cancelled", "over", "old"]);
  });
});
