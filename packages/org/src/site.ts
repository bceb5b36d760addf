import { coreFetch, type App } from "@workspace/api-client/core-fetch";
import { ApiError } from "@workspace/api-client/problem";
import type { PublicOrganization } from "@workspace/api-client/shapes";
import { platformEnv, type PlatformEnv } from "./env";
import { readHost } from "./host";

/** What the visitor asked for: a clinic, the platform's own address, nothing we know, or an API that does not answer. */
export type Site =
  | { kind: "clinic"; organization: PublicOrganization }
  | { kind: "bare" }
  | { kind: "unknown" }
  | { kind: "unavailable" };

export function domainOf(app: App, env: PlatformEnv): string {
  return app === "portal" ? env.portalDomain : env.clinicDomain;
}

/** Resolves the Host header to an active clinic; the Core API caches, so nothing is remembered here. */
export async function resolveSite(
  hostHeader: string | null,
  app: App,
  headers: { requestId: string; forwardedFor: string | undefined },
): Promise<Site> {
  const env = platformEnv();
  const host = readHost(hostHeader, domainOf(app, env));
  if (host.kind === "bare") return { kind: "bare" };
  if (host.kind === "invalid") return { kind: "unknown" };
  const query = host.kind === "slug" ? { slug: host.slug } : { domain: host.domain };
  try {
    const { data } = await coreFetch<PublicOrganization>(
      { baseUrl: env.coreApiUrl, app, requestId: headers.requestId, forwardedFor: headers.forwardedFor },
      { path: "/v1/public/organizations/resolve", query },
    );
    return { kind: "clinic", organization: data };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status >= 400 && error.status < 429 ? { kind: "unknown" } : { kind: "unavailable" };
  }
}
