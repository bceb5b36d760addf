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

/** Asks the health endpoint directly: its answer is no envelope and 503 is an answer too. Null when nobody answers. */
export async function readHealth(): Promise<ReadHealth> {
  const started = performance.now();
  try {
    const response = await fetch(`${platformEnv().coreApiUrl}/health`, { cache: "no-store" });
    const health: Health = await response.json();
    return { health, took: Math.round(performance.now() - started) };
  } catch {
    return { health: null, took: Math.round(performance.now() - started) };
  }
}

export const readIsolation = () =>
  load(async () => (await coreRead<IsolationReport>({ path: "/v1/admin/isolation-report" })).data);
