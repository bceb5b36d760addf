// GET /v1/me: the question that every page of every app asks first.
import http from "k6/http";
import { check } from "k6";
import { base, line, signIn } from "./lib/platform.js";

export { options } from "./lib/platform.js";

export const handleSummary = line("LOAD/me");

export const setup = () => signIn("admin");

export default function (as) {
  const answer = http.get(`${base}/v1/me`, as);
  check(answer, { "names the person": (a) => a.status === 200 && a.json("data.email") !== "" });
}
