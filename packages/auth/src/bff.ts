import "server-only";
import { cookies } from "next/headers";
import { NextResponse } from "next/server";
import { ApiError } from "@workspace/api-client/problem";
import type { LoginAnswer } from "@workspace/api-client/auth-shapes";
import { coreFetch } from "@workspace/api-client/core-fetch";
import type { Me } from "@workspace/api-client/shapes";
import { isLocale, localeCookie, type Locale } from "@workspace/i18n/locales";
import { cookieOptions, type CookieChange } from "@workspace/org/cookies";
import { coreContext } from "./core";
import { sameOrigin } from "./origin";
import { clearedCookies, mfaCookieChange, tokenCookies } from "./tokens";

/** What the browser learns of a sign-in step. Tokens stay in httpOnly cookies. */
export type SignInStep = { status: "ok" } | { status: "mfa_required"; methods: string[] };

/** Answers with the problem in the shape the browser's forms read. */
export function refusal(error: unknown): NextResponse {
  if (!(error instanceof ApiError)) throw error;
  return NextResponse.json(
    {
      code: error.code,
      request_id: error.requestId,
      retry_after: error.retryAfterSeconds,
      errors: error.errors,
    },
    { status: error.status === 0 ? 503 : error.status },
  );
}

export async function setCookies(changes: readonly CookieChange[]): Promise<void> {
  const jar = await cookies();
  for (const change of changes) jar.set(change.name, change.value, cookieOptions(change));
}

/** Keeps the tokens of a finished sign-in, and the person's language; an unfinished one keeps the second-factor ticket. */
export async function keepLogin(answer: LoginAnswer): Promise<SignInStep> {
  if (answer.status === "mfa_required") {
    await setCookies([mfaCookieChange(answer.mfa_token)]);
    return { status: "mfa_required", methods: answer.methods };
  }
  await setCookies([
    ...clearedCookies().filter(({ name }) => name.endsWith("_mfa")),
    ...tokenCookies(answer),
  ]);
  const locale = await chosenLocale(answer.access_token);
  if (locale) await setCookies([localeChange(locale)]);
  return { status: "ok" };
}

/** The language as a cookie of this host, for a year. */
export function localeChange(locale: Locale): CookieChange {
  return { name: localeCookie, value: locale, httpOnly: true, maxAge: 365 * 24 * 3600 };
}

async function chosenLocale(token: string): Promise<Locale | null> {
  try {
    const { data } = await coreFetch<Me>({ ...(await coreContext()), token }, { path: "/v1/me" });
    return isLocale(data.locale) ? data.locale : null;
  } catch (error) {
    // Someone without a clinic or a second factor still signs in; the page explains what is missing.
    if (error instanceof ApiError) return null;
    throw error;
  }
}

type Handler = (body: unknown) => Promise<NextResponse>;

/** Wraps a changing route: same origin only, JSON only, problems as JSON. */
export function changing(handler: Handler) {
  return async (request: Request): Promise<Response> => {
    if (!sameOrigin(request.headers)) return NextResponse.json({ code: "origin_refused" }, { status: 403 });
    const body: unknown = await request.json().catch(() => null);
    try {
      return await handler(body);
    } catch (error) {
      return refusal(error);
    }
  };
}
