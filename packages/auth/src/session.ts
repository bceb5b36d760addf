import "server-only";
import { cache } from "react";
import { redirect } from "next/navigation";
import { ApiError } from "@workspace/api-client/problem";
import type { Me } from "@workspace/api-client/shapes";
import { requestPath } from "@workspace/org/request";
import { driver } from "@workspace/auth/driver/server";
import { coreRead, coreWrite } from "./core";
import { can, type Permission } from "./permissions";
import { loginMark } from "./token-claims";

export interface Session {
  me: Me;
  /** Marks this sign-in, see loginMark. */
  login: string;
  can(permission: Permission): boolean;
}

function sessionOf(me: Me, token: string | null): Session {
  return { me, login: loginMark(token ?? ""), can: (permission) => can(me, permission) };
}

/** The signed-in person while a page is rendered; null without a login session. Throws ApiError when the API refuses or is away. */
export const getSession = cache(async (): Promise<Session | null> => {
  const token = await driver.readToken();
  if (!token) return null;
  const { data } = await coreRead<Me>({ path: "/v1/me" });
  return sessionOf(data, token);
});

/** The language the person chose in the profile; null when nobody is signed in or the API is away. Never throws. */
export const sessionLocale = cache(async (): Promise<string | null> => {
  try {
    return (await driver.readToken()) ? ((await getSession())?.me.locale ?? null) : null;
  } catch {
    return null;
  }
});

/** The session of a protected page; without one the browser goes to sign-in and comes back. */
export async function pageSession(): Promise<Session> {
  const session = await getSession();
  if (!session) redirect(`/sign-in?return=${encodeURIComponent(await requestPath())}`);
  return session;
}

/**
 * The guard of every server action: asks the Core API who is calling, again, because a proxy is routing and not a lock.
 * Throws ApiError 401 without a session and 403 without the permission.
 */
export async function requireSession(permission?: Permission): Promise<Session> {
  const token = (await driver.readToken()) ?? (await driver.refreshToken());
  if (!token) throw new ApiError({ status: 401, code: "unauthorized" });
  const { data } = await coreWrite<Me>({ path: "/v1/me" });
  const session = sessionOf(data, token);
  if (permission && !session.can(permission)) throw new ApiError({ status: 403, code: "forbidden" });
  return session;
}

/**
 * The guard of actions that set up a second factor: the caller has a login session, even when the API asks for that factor first.
 * Throws ApiError 401 without one.
 */
export async function requireLogin(): Promise<void> {
  try {
    await requireSession();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "mfa_required") throw error;
  }
}
