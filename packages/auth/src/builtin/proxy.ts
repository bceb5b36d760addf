import type { NextRequest } from "next/server";
import { ApiError } from "@workspace/api-client/problem";
import { appName } from "../app-name";
import type { ProxyAuth, WithAuth } from "../driver";
import { needsRefresh } from "../token-age";
import { accessCookie, clearedCookies, refreshCookie, tokenCookies } from "../tokens";
import { rotate } from "./refresh";

async function renew(request: NextRequest): Promise<ProxyAuth> {
  const refreshToken = request.cookies.get(refreshCookie)?.value;
  const accessToken = request.cookies.get(accessCookie)?.value;
  if (!refreshToken) return { signedIn: accessToken !== undefined, cookies: [] };
  if (!needsRefresh(accessToken, Date.now())) return { signedIn: true, cookies: [] };
  try {
    const tokens = await rotate(refreshToken, appName(), request.headers.get("x-forwarded-for") ?? undefined);
    return tokens
      ? { signedIn: true, cookies: tokenCookies(tokens) }
      : { signedIn: false, cookies: clearedCookies() };
  } catch (error) {
    // The API is away: the page will say so. The login session is not ended for that.
    if (error instanceof ApiError) return { signedIn: true, cookies: [] };
    throw error;
  }
}

/** Renews the access token at 80 % of its life before the page is rendered. */
export const withAuth: WithAuth = (handler) => async (request) => handler(request, await renew(request));
