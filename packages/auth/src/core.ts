import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import {
  coreFetch,
  type CoreAnswer,
  type CoreContext,
  type CoreRequest,
} from "@workspace/api-client/core-fetch";
import { ApiError } from "@workspace/api-client/problem";
import { localeCookie } from "@workspace/i18n/locales";
import { clientIdCookie, validClientId } from "@workspace/org/client-id";
import { platformEnv } from "@workspace/org/env";
import { currentOrganization, requestPath } from "@workspace/org/request";
import { driver } from "@workspace/auth/driver/server";
import { appName } from "./app-name";

/** The caller of this request: token, clinic, language, address chain. */
export async function coreContext(): Promise<CoreContext> {
  const env = platformEnv();
  const [incoming, jar, organization, token] = await Promise.all([
    headers(),
    cookies(),
    currentOrganization(),
    driver.readToken(),
  ]);
  return {
    baseUrl: env.coreApiUrl,
    app: appName(),
    token: token ?? undefined,
    organizationId: organization?.id,
    locale: jar.get(localeCookie)?.value ?? incoming.get("accept-language")?.slice(0, 200) ?? undefined,
    requestId: incoming.get("x-request-id") ?? undefined,
    forwardedFor: incoming.get("x-forwarded-for") ?? undefined,
    forwardedHost: incoming.get("host") ?? undefined,
    userAgent: incoming.get("user-agent")?.slice(0, 400),
    clientId: validClientId(jar.get(clientIdCookie)?.value, env.clientIdKey) ?? undefined,
  };
}

/** Where a page sends the browser when the API no longer accepts the token: one refresh, then back or to sign-in. */
export async function refreshAddress(): Promise<string> {
  return `/api/session/refresh?return=${encodeURIComponent(await requestPath())}`;
}

/**
 * Reads from the Core API while a page is rendered. A render cannot set cookies, so an expired session becomes a redirect
 * to the route that can.
 */
export async function coreRead<T>(request: CoreRequest): Promise<CoreAnswer<T>> {
  const context = await coreContext();
  try {
    return await coreFetch<T>(context, request);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) redirect(await refreshAddress());
    throw error;
  }
}

/** Calls the Core API from a server action or a route handler: refreshes once and replays. */
export async function coreWrite<T>(request: CoreRequest): Promise<CoreAnswer<T>> {
  const context = await coreContext();
  return coreFetch<T>({ ...context, refresh: () => driver.refreshToken() }, request);
}

/** Calls a public endpoint: no token is sent. */
export async function corePublic<T>(request: CoreRequest): Promise<CoreAnswer<T>> {
  const context = await coreContext();
  return coreFetch<T>({ ...context, token: undefined }, request);
}
