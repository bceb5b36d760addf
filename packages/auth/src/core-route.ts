import "server-only";
import { NextResponse, type NextRequest } from "next/server";
import { coreHeaders } from "@workspace/api-client/core-fetch";
import { driver } from "@workspace/auth/driver/server";
import { coreContext } from "./core";
import { sameOrigin } from "./origin";

interface RouteContext {
  params: Promise<{ path: string[] }>;
}

const passedIn = [
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "last-event-id",
  "x-hold-token",
];
const passedOut = [
  "content-type",
  "etag",
  "cache-control",
  "x-request-id",
  "retry-after",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "idempotency-replayed",
];

/** Credentials are handled by /api/session alone; a script on a page must never see a token. */
const closed = /^v1\/auth(\/|$)/;

async function ask(
  request: NextRequest,
  path: string,
  body: ArrayBuffer | null,
  token: string | undefined,
): Promise<Response> {
  const context = await coreContext();
  const headers = coreHeaders({ ...context, token });
  const accept = request.headers.get("accept");
  if (accept) headers.set("accept", accept);
  for (const name of passedIn) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  return fetch(`${context.baseUrl}/${path}${request.nextUrl.search}`, {
    method: request.method,
    headers,
    cache: "no-store",
    redirect: "manual",
    signal: request.signal,
    ...(body ? { body } : {}),
  });
}

/**
 * `/api/core/*`: the same call to the Core API with bearer token, clinic and client id added. Streams (SSE) pass through
 * untouched; a 401 is answered by one refresh and one replay.
 */
async function handle(request: NextRequest, { params }: RouteContext): Promise<Response> {
  const segments = (await params).path;
  const path = segments.map(encodeURIComponent).join("/");
  if (segments[0] !== "v1" || segments.includes("..") || closed.test(path))
    return NextResponse.json({ code: "not_found" }, { status: 404 });
  if (request.method !== "GET" && !sameOrigin(request.headers))
    return NextResponse.json({ code: "origin_refused" }, { status: 403 });
  const body = request.method === "GET" ? null : await request.arrayBuffer();
  const token = (await driver.readToken()) ?? undefined;
  let response: Response;
  try {
    response = await ask(request, path, body, token);
    if (response.status === 401 && token) {
      const fresh = await driver.refreshToken();
      if (fresh) response = await ask(request, path, body, fresh);
    }
  } catch {
    return NextResponse.json({ code: "network_unavailable" }, { status: 503 });
  }
  const headers = new Headers({ "x-accel-buffering": "no" });
  for (const name of passedOut) {
    const value = response.headers.get(name);
    if (value) headers.set(name, value);
  }
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  // The server compresses what it may; a compressed stream arrives only when its buffer is full.
  if (response.headers.get("content-type")?.startsWith("text/event-stream"))
    headers.set("cache-control", "no-store, no-transform");
  return new Response(response.status === 204 || response.status === 304 ? null : response.body, {
    status: response.status,
    headers,
  });
}

export { handle as GET, handle as POST, handle as PUT, handle as PATCH, handle as DELETE };
