// A calendar to ask for times of, made through the API in the demo clinic that has none of its own.
import http from "k6/http";
import { fail } from "k6";
import { base, signIn } from "./platform.js";

export const slug = "nord";

const day = 24 * 60 * 60 * 1000;

/** The day so many days from now, as YYYY-MM-DD. */
export const date = (days) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

/** Headers of a visitor of the clinic. */
export const visitor = (client) => ({
  headers: { "Content-Type": "application/json", "X-Organization-Slug": slug, "X-Client-Id": `load-visitor-${client}` },
});

/** Signs the administrator in for the clinic. */
export function administrator() {
  const clinic = http.get(`${base}/v1/public/organizations/resolve?slug=${slug}`).json("data.id") || fail(`there is no clinic ${slug}`);
  const { headers } = signIn("admin");
  return { headers: { ...headers, "Content-Type": "application/json", "X-Organization-ID": clinic } };
}

function data(answer, what) {
  if (answer.status >= 300) fail(`${what}: ${answer.status} ${answer.body}`);
  return answer.json("data");
}

/** Makes a public service and the specialists who offer it, working every day from start to end, UTC. */
export function makeService(as, name, minutes, specialists, start, end) {
  const service = data(
    http.post(`${base}/v1/services`, JSON.stringify({ name, category: "consultation", duration_min: minutes, base_price_minor: 10000, is_public: true, published: true, self_book: true }), as),
    "make a service",
  );
  const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start, end }));
  const people = [];
  for (let i = 1; i <= specialists; i++) {
    const made = data(http.post(`${base}/v1/specialists`, JSON.stringify({ name: `${name} ${i}`, scheduling_timezone: "UTC" }), as), "make a specialist");
    data(http.put(`${base}/v1/specialists/${made.id}/hours`, JSON.stringify({ hours }), as), "set hours");
    people.push(made.id);
  }
  const offers = JSON.stringify({ specialists: people.map((specialist_id) => ({ specialist_id })) });
  const guarded = { headers: { ...as.headers, "If-Match": `"${service.row_version}"` } };
  data(http.put(`${base}/v1/services/${service.id}/specialists`, offers, guarded), "set who offers the service");
  return { service: service.id, specialists: people };
}

/** Finds the public service with the name. */
export function findService(name) {
  const all = data(http.get(`${base}/v1/public/services?page_size=100`, visitor("setup-0000")), "list services");
  return all.find((s) => s.name === name);
}
