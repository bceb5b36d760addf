import { randomBytes, randomUUID } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { clientIdCookie, clientIdMaxAge, newClientId, validClientId } from "@workspace/org/client-id";
import { cookieOptions, organizationHints, type CookieChange } from "@workspace/org/cookies";
import { platformEnv, schemeOf } from "@workspace/org/env";
import { contentSecurityPolicy, securityHeaders, stripInternalHeaders } from "@workspace/org/security";
import { resolveSite, type Site } from "@workspace/org/site";
import { appName } from "./app-name";
import type { ProxyAuth, ProxyHandler } from "./driver";
import { plainPage } from "./plain-page";

export interface ServeOptions {
  /** Paths that open without a login session; a trailing "*" takes the whole subtree. */
  publicPaths: readonly string[];
}

export function matches(pathname: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("/*")
      ? pathname === pattern.slice(0, -2) || pathname.startsWith(pattern.slice(0, -1))
      : pathname === pattern,
  );
}

/** The page of the platform's own address; it alone opens there. */
const findClinic = "/find-clinic";

/** On a host without a clinic the proxy answers itself: a page of ours would look for a clinic. */
function standIn(request: NextRequest, site: Site | null, nonce: string): NextResponse | null {
  const { pathname } = request.nextUrl;
  if (site === null || site.kind === "clinic") return null;
  if (site.kind === "bare" && (pathname === findClinic || pathname === "/api/locale")) return null;
  if (pathname.startsWith("/api/"))
    return NextResponse.json(
      { code: "organization_not_found" },
      { status: site.kind === "unavailable" ? 503 : 404 },
    );
  if (site.kind === "bare") return NextResponse.redirect(onHost(request, findClinic));
  return plainPage(site.kind, request, nonce);
}

/** Built from the Host header: behind a wildcard host the server's own idea of its name is another one. */
function onHost(request: NextRequest, path: string): string {
  const host = request.headers.get("host") ?? request.nextUrl.host;
  return `${schemeOf(host)}://${host}${path}`;
}

function applyToRequest(headers: Headers, changes: readonly CookieChange[]): void {
  if (changes.length === 0) return;
  const jar = new Map(
    (headers.get("cookie") ?? "")
      .split(/;\s*/)
      .filter(Boolean)
      .map((pair): [string, string] => {
        const at = pair.indexOf("=");
        return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      }),
  );
  for (const change of changes) {
    if (change.maxAge === 0) jar.delete(change.name);
    else jar.set(change.name, encodeURIComponent(change.value));
  }
  headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
}

function visitorCookie(request: NextRequest, key: string): CookieChange[] {
  if (validClientId(request.cookies.get(clientIdCookie)?.value, key)) return [];
  return [{ name: clientIdCookie, value: newClientId(key), httpOnly: true, maxAge: clientIdMaxAge }];
}

const isAction = (request: NextRequest) => request.method === "POST" && request.headers.has("next-action");

/**
 * The cookies that a server action may set on its way: renewed tokens. Any cookie makes Next.js draw the page anew after the
 * action, and after the end of a session that page would be sign-in, without what the person typed.
 */
const forAction = (auth: ProxyAuth) => (auth.signedIn ? auth.cookies : []);

/**
 * The work of proxy.ts: host to clinic, renewed cookies, nonce, security headers, sign-in gate.
 * It routes and decorates; every page and action checks the session again.
 */
export function serve(options: ServeOptions): ProxyHandler {
  return async (request, auth) => {
    const env = platformEnv();
    const app = appName();
    const host = request.headers.get("host");
    const requestId = randomUUID();
    const nonce = randomBytes(16).toString("base64");
    const forwardedFor = request.headers.get("x-forwarded-for") ?? undefined;
    const site: Site | null =
      app === "console" ? null : await resolveSite(host, app, { requestId, forwardedFor });
    const page = standIn(request, site, nonce);

    const headers = new Headers(request.headers);
    stripInternalHeaders(headers);
    const policy = contentSecurityPolicy(nonce, env.development);
    headers.set("x-request-id", requestId);
    headers.set("x-nonce", nonce);
    headers.set("content-security-policy", policy);
    headers.set("x-rx-path", `${request.nextUrl.pathname}${request.nextUrl.search}`);
    if (site?.kind === "clinic")
      headers.set("x-rx-org", Buffer.from(JSON.stringify(site.organization), "utf8").toString("base64url"));

    const changes = page ? [] : [...auth.cookies, ...visitorCookie(request, env.clientIdKey)];
    if (site?.kind === "clinic") changes.push(...organizationHints(site.organization));
    applyToRequest(headers, changes);

    const response = page ?? answer(request, headers, auth, options, site?.kind === "bare");
    for (const change of isAction(request) ? forAction(auth) : changes)
      response.cookies.set(change.name, change.value, cookieOptions(change));
    response.headers.set("content-security-policy", policy);
    response.headers.set("x-request-id", requestId);
    for (const [name, value] of Object.entries(securityHeaders(host !== null && schemeOf(host) === "https")))
      response.headers.set(name, value);
    return response;
  };
}

function answer(
  request: NextRequest,
  headers: Headers,
  auth: ProxyAuth,
  options: ServeOptions,
  open: boolean,
): NextResponse {
  const { pathname, search } = request.nextUrl;
  // A form whose session has ended is answered by the guard of its action, in words: a redirect would lose what was typed.
  if (!open && !isAction(request) && !auth.signedIn && !matches(pathname, options.publicPaths)) {
    if (pathname.startsWith("/api/")) return NextResponse.json({ code: "unauthorized" }, { status: 401 });
    return NextResponse.redirect(
      onHost(request, `/sign-in?return=${encodeURIComponent(`${pathname}${search}`)}`),
    );
  }
  return NextResponse.next({ request: { headers } });
}
