// GET /v1/organizations: a list under row-level security with its count.
import http from "k6/http";
import { check } from "k6";
import { base, line, signIn } from "./lib/platform.js";

export { options } from "./lib/platform.js";

export const handleSummary = line("LOAD/organizations");

export const setup = () => signIn("admin");

export default function (as) {
  const answer = http.get(`${base}/v1/organizations?page_size=25`, as);
  check(answer, { "lists both clinics": (a) => a.status === 200 && a.json("data.#") === 2 });
}
