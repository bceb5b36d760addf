// GET /v1/public/availability: the free times of ten specialists over 31 days, as a guest's page asks for them (PF-2).
import http from "k6/http";
import { check } from "k6";
import { base, line } from "./lib/platform.js";
import { administrator, date, findService, makeService, visitor } from "./lib/clinic.js";

export { options } from "./lib/platform.js";

export const handleSummary = line("PF-2/availability");

// `figures -fill` knows the service by this name.
const name = "Load, free times";

export function setup() {
  const found = findService(name);
  const service = found ? found.id : makeService(administrator(), name, 30, 10, "09:00", "17:00").service;
  return { service, from: date(1), to: date(31) };
}

export default function ({ service, from, to }) {
  const answer = http.get(`${base}/v1/public/availability?service_id=${service}&from=${from}&to=${to}`, visitor("of-times-0000"));
  check(answer, { "offers times on most days": (a) => a.status === 200 && a.json("data.slots.#") > 200 });
}
