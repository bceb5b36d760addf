// What every script shares: where the platform is, who signs in, and the shape of the run. A threshold is a count of failures, never a time:
// times of a busy machine are read, not asserted.
import http from "k6/http";
import { fail } from "k6";

export const base = __ENV.BASE_URL || "http://127.0.0.1:9000";
const accounts = JSON.parse(open(__ENV.DEMO || "../.data/demo.json"));

export const options = {
  scenarios: { steady: { executor: "constant-vus", vus: Number(__ENV.VUS || 8), duration: __ENV.DURATION || "15s" } },
  thresholds: { http_req_failed: ["rate==0"], checks: ["rate==1"] },
  summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
};

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
