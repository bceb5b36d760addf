import type { NextProxy, NextRequest } from "next/server";
import type { CookieChange } from "@workspace/org/cookies";

export type DriverName = "builtin" | "clerk" | "oidc";

/** What one way of signing in must offer to server code. The driver is chosen when the app is built (AUTH_DRIVER). */
export interface ServerDriver {
  readonly name: DriverName;
  /** The access token of this request, possibly expired; null without a login session. */
  readToken(): Promise<string | null>;
  /** A new access token; null when the login session has ended. Sets cookies, so: actions and route handlers only. */
  refreshToken(): Promise<string | null>;
}

/** What the proxy learned before the page is rendered. */
export interface ProxyAuth {
  signedIn: boolean;
  /** Cookies renewed on the way; they go to the render and to the browser. */
  cookies: CookieChange[];
}

export type ProxyHandler = (request: NextRequest, auth: ProxyAuth) => Promise<Response>;
export type WithAuth = (handler: ProxyHandler) => NextProxy;

export interface SignInFormProps {
  /** Already checked path on this host. */
  returnTo: string;
  /** "compact" is the dialog that asks again after the session ended. */
  variant?: "page" | "dialog";
  onSignedIn?: (() => void) | undefined;
  /** E-mail to start with. */
  email?: string | undefined;
}
