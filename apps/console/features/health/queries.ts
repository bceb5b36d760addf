import "server-only";
import { load } from "@workspace/api-client/result";
import type { Health, IsolationReport } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { platformEnv } from "@workspace/org/env";

export interface ReadHealth {
  health: Health | null;
  /** Milliseconds the answer took. */
  took: number;
}

/** What stands in front of the Core API may answer for it, in words of its own. */
const isReport = (body: object): body is Health => "status" in body && "version" in body && "checks" in body;

/** Asks the health endpoint directly: its answer is no envelope and 503 is an answer too. Null when the Core API gives none. */
export async function readHealth(): Promise<ReadHealth> {
  const started = performance.now();
  try {
    const response = await fetch(`${platformEnv().coreApiUrl}/health`, { cache: "no-store" });
    const body: object = await response.json();
    return { health: isReport(body) ? body : null, took: Math.round(performance.now() - started) };
  } catch {
    return { health: null, took: Math.round(performance.now() - started) };
  }
}

export const readIsolation = () =>
  load(async () => (await coreRead<IsolationReport>({ path: "/v1/admin/isolation-report" })).data);
