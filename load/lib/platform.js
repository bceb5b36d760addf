// What every script shares: where the platform is, who signs in, the shape of the run and of what it prints. A threshold is a count of
// failures, never a time: times of a busy machine are read, not asserted.
import http from "k6/http";
import { fail } from "k6";

export const base = __ENV.BASE_URL || "http://127.0.0.1:9000";
const accounts = JSON.parse(open(__ENV.DEMO || "../.data/demo.json"));

/** With RATE requests are sent at that many a second; without it as fast as VUS callers get their answers. */
const steady = __ENV.RATE
  ? { executor: "constant-arrival-rate", rate: Number(__ENV.RATE), duration: __ENV.DURATION || "15s", preAllocatedVUs: 32, maxVUs: 128 }
  : { executor: "constant-vus", vus: Number(__ENV.VUS || 8), duration: __ENV.DURATION || "15s" };

export const trend = ["med", "p(95)", "p(99)", "max"];

export const options = {
  scenarios: { steady },
  // A metric that a threshold names is kept apart by its tag: what setup asks is not part of the figure.
  thresholds: { http_req_failed: ["rate==0"], checks: ["rate==1"], "http_req_duration{scenario:steady}": [], "http_reqs{scenario:steady}": [] },
  summaryTrendStats: trend,
};

/** Answers a handleSummary that prints one line for the requests of the scenario: how many a second, and how long they took. */
export function line(id, scenario = "steady", extra = () => "") {
  return ({ metrics, state }) => {
    const took = metrics[`http_req_duration{scenario:${scenario}}`].values;
    const count = metrics[`http_reqs{scenario:${scenario}}`].values.count;
    const seconds = scenario === "steady" ? seconds_of(__ENV.DURATION || "15s") : state.testRunDurationMs / 1000;
    const met = Object.values(metrics).every((m) => Object.values(m.thresholds || {}).every((t) => t.ok));
    const times = `p50=${took.med.toFixed(1)}ms,p99=${took["p(99)"].toFixed(1)}ms`;
    const name = __ENV.RATE ? `${id}/half` : id;
    return { stdout: `FIGURE ${name} rate=${(count / seconds).toFixed(0)}/s,${times}${extra(metrics)} ${met ? "pass" : "fail"}\n` };
  };
}

function seconds_of(duration) {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration) || fail("DURATION is whole seconds or minutes, like 15s");
  return Number(number) * (unit === "m" ? 60 : 1);
}

/** Signs the demo account with the role in and answers the headers of its requests. */
export function signIn(role) {
  const account = accounts.find((a) => a.role === role);
  const answer = http.post(
    `${base}/v1/auth/login`,
    JSON.stringify({ email: account.email, password: account.password, app: "clinic" }),
    { headers: { "Content-Type": "application/json" } },
  );
  const token = answer.status === 200 && answer.json("data.access_token");
  if (!token) fail(`sign-in answers ${answer.status}`);
  return { headers: { Authorization: `Bearer ${token}` } };
}
