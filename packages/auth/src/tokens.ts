import type { Tokens } from "@workspace/api-client/auth-shapes";
import type { CookieChange } from "@workspace/org/cookies";

export const accessCookie = "__Host-rx_access";
export const refreshCookie = "__Host-rx_refresh";
export const mfaCookie = "__Host-rx_mfa";

/** A refresh token lives 30 days at most; the API decides earlier. */
const refreshMaxAge = 30 * 24 * 3600;
/** Time to type a second factor. */
const mfaMaxAge = 5 * 60;

export function tokenCookies(tokens: Tokens): CookieChange[] {
  return [
    { name: accessCookie, value: tokens.access_token, httpOnly: true, maxAge: tokens.expires_in },
    { name: refreshCookie, value: tokens.refresh_token, httpOnly: true, maxAge: refreshMaxAge },
  ];
}

export function mfaCookieChange(token: string): CookieChange {
  return { name: mfaCookie, value: token, httpOnly: true, maxAge: mfaMaxAge };
}

export function clearedCookies(): CookieChange[] {
  return [accessCookie, refreshCookie, mfaCookie].map((name) => ({
    name,
    value: "",
    httpOnly: true,
    maxAge: 0,
  }));
}
