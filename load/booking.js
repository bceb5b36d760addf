// POST /v1/public/bookings (PF-4): guests who book times of their own one after the other, then 200 who want the same one at once.
import http from "k6/http";
import exec from "k6/execution";
import { check, fail } from "k6";
import { Counter } from "k6/metrics";
import { base, line, trend } from "./lib/platform.js";
import { administrator, date, makeService, slug, visitor } from "./lib/clinic.js";

const seconds = Number((__ENV.DURATION || "15s").replace(/s$/, ""));
const racers = 200;
const minutes = 10;
const perDay = (24 * 60) / minutes;

const won = new Counter("won");
const lost = new Counter("lost");
const broken = new Counter("broken");

export const options = {
  scenarios: {
    steady: { executor: "constant-vus", vus: Number(__ENV.VUS || 8), duration: `${seconds}s`, exec: "book" },
    rush: { executor: "per-vu-iterations", vus: racers, iterations: 1, startTime: `${seconds + 3}s`, maxDuration: "60s", exec: "race" },
  },
  thresholds: {
    checks: ["rate==1"],
    won: ["count==1"],
    lost: [`count==${racers - 1}`],
    broken: ["count==0"],
    ...Object.fromEntries(["steady", "rush"].flatMap((s) => [[`http_req_duration{scenario:${s}}`, []], [`http_reqs{scenario:${s}}`, []]])),
  },
  summaryTrendStats: trend,
};

const count = (metrics, name) => (metrics[name] ? metrics[name].values.count : 0);

export function handleSummary(summary) {
  const steady = line("PF-4/booking")(summary).stdout;
  const race = line("PF-4/rush", "rush", (m) => `,won=${count(m, "won")},lost=${count(m, "lost")},broken=${count(m, "broken")}`)(summary).stdout;
  return { stdout: steady + race.replace(/rate=[^,]*,/, `racers=${racers},`) };
}

/** A service of this run alone, so that every time is free. */
export function setup() {
  const made = makeService(administrator(), `Load, booking ${Date.now()}`, minutes, 10, "00:00", "24:00");
  const policies = http.get(`${base}/v1/public/policies?page_size=100`, visitor("setup-0000")).json("data") || [];
  const notice = policies.find((p) => p.consent_type === "privacy_notice") || fail(`${slug} has published no privacy notice`);
  return { ...made, policy: notice.version, first: Date.parse(`${date(2)}T00:00:00Z`) };
}

function post(at, specialist, who, key) {
  const body = {
    slot: { service_id: at.service, specialist_id: specialist, start: new Date(at.start).toISOString() },
    contact: { first_name: "Ana", last_name: "Load", phone: `07${String(10_000_000 + who)}`, locale: "ro" },
    privacy_policy_version: at.policy,
  };
  const as = visitor(String(who).padStart(8, "0"));
  return http.post(`${base}/v1/public/bookings`, JSON.stringify(body), { headers: { ...as.headers, "Idempotency-Key": key } });
}

/** Books the next time that nobody else asks for. */
export function book({ service, specialists, policy, first }) {
  const n = exec.scenario.iterationInTest;
  const turn = Math.floor(n / specialists.length);
  if (turn >= perDay * 50) fail("no times are left; shorten DURATION");
  const answer = post({ service, policy, start: first + turn * minutes * 60_000 }, specialists[n % specialists.length], n, `${service}-${n}`);
  check(answer, { "is booked": (a) => a.status === 201 });
}

/** Wants the one time that all the others want. */
export function race({ service, specialists, policy, first }) {
  const start = first + perDay * 55 * minutes * 60_000;
  const answer = post({ service, policy, start }, specialists[0], 100_000 + exec.vu.idInTest, `${service}-race-${exec.vu.idInTest}`);
  const taken = answer.status === 409 && answer.json("code") === "slot_taken";
  (answer.status === 201 ? won : taken ? lost : broken).add(1);
}
