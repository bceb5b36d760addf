import { createHash } from "node:crypto";
import { authPaths, type Tokens } from "@workspace/api-client/auth-shapes";
import { coreFetch, type App } from "@workspace/api-client/core-fetch";
import { ApiError } from "@workspace/api-client/problem";
import { platformEnv } from "@workspace/org/env";
import { SingleFlight } from "../single-flight";

const graceMs = 60_000;

declare global {
  // One table per process, also when the proxy and the pages are bundled apart.
  var restartixRefreshes: SingleFlight<Tokens | null> | undefined;
}

function flights(): SingleFlight<Tokens | null> {
  globalThis.restartixRefreshes ??= new SingleFlight<Tokens | null>(graceMs, Date.now);
  return globalThis.restartixRefreshes;
}

/** Rotates the refresh token; null when the login session has ended. Throws when the API does not answer. */
export function rotate(
  refreshToken: string,
  app: App,
  forwardedFor: string | undefined,
): Promise<Tokens | null> {
  const key = createHash("sha256").update(refreshToken).digest("base64url");
  return flights().run(key, async () => {
    try {
      const { data } = await coreFetch<Tokens>(
        { baseUrl: platformEnv().coreApiUrl, app, forwardedFor },
        { method: "POST", path: authPaths.refresh, body: { refresh_token: refreshToken } },
      );
      return data;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
      throw error;
    }
  });
}
