import { ApiError, problemFrom } from "./problem";

export type App = "clinic" | "portal" | "console";
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type QueryValue = string | number | boolean | undefined;

/** Who is calling and on whose behalf; made once per incoming request. */
export interface CoreContext {
  /** Origin of the Core API, without a trailing slash. */
  baseUrl: string;
  app: App;
  token?: string | undefined;
  organizationId?: string | undefined;
  locale?: string | undefined;
  requestId?: string | undefined;
  /** The visitor's address chain, so that limits count visitors and not this process. */
  forwardedFor?: string | undefined;
  /** The visitor's browser, by which people recognise their devices. */
  userAgent?: string | undefined;
  clientId?: string | undefined;
  /** The host of the page; it decides which passkeys fit and must belong to the same clinic. */
  forwardedHost?: string | undefined;
  /** Gets a new access token after a 401; null when the login session has ended. */
  refresh?: (() => Promise<string | null>) | undefined;
  fetch?: typeof globalThis.fetch;
  /** Waits that many milliseconds. */
  wait?: (milliseconds: number) => Promise<void>;
}

export interface CoreRequest {
  method?: Method;
  path: string;
  query?: Record<string, QueryValue>;
  body?: unknown;
  idempotencyKey?: string;
  /** The ETag a PATCH, PUT or DELETE was based on. */
  ifMatch?: string | undefined;
  /** The proof that a hold is the caller's own. */
  holdToken?: string | undefined;
  signal?: AbortSignal;
}

export interface Pagination {
  page?: number;
  page_size?: number;
  total?: number;
  total_pages?: number;
  next_cursor?: string | null;
}

export interface CoreAnswer<T> {
  data: T;
  pagination: Pagination | undefined;
  requestId: string | undefined;
  etag: string | undefined;
}

/** A 429 is waited for at most this long; a longer wait is the person's decision. */
const longestWaitSeconds = 30;
const longestRetries = 2;

function url(context: CoreContext, request: CoreRequest): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.toString();
  return `${context.baseUrl}${request.path}${search ? `?${search}` : ""}`;
}

/** The headers every call carries; shared with the streaming pass-through. */
export function coreHeaders(context: CoreContext): Headers {
  const headers = new Headers({ accept: "application/json, application/problem+json", "x-app": context.app });
  const set = (name: string, value: string | undefined) => {
    if (value) headers.set(name, value);
  };
  set("authorization", context.token ? `Bearer ${context.token}` : undefined);
  set("x-organization-id", context.organizationId);
  set("accept-language", context.locale);
  set("x-request-id", context.requestId);
  set("x-forwarded-for", context.forwardedFor);
  set("user-agent", context.userAgent);
  set("x-client-id", context.clientId);
  set("x-forwarded-host", context.forwardedHost);
  return headers;
}

async function send(
  context: CoreContext,
  request: CoreRequest,
  token: string | undefined,
): Promise<Response> {
  const headers = coreHeaders({ ...context, token });
  const init: RequestInit = {
    method: request.method ?? "GET",
    headers,
    cache: "no-store",
    redirect: "manual",
  };
  if (request.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(request.body);
  }
  if (request.idempotencyKey) headers.set("idempotency-key", request.idempotencyKey);
  if (request.ifMatch) headers.set("if-match", request.ifMatch);
  if (request.holdToken) headers.set("x-hold-token", request.holdToken);
  if (request.signal) init.signal = request.signal;
  try {
    return await (context.fetch ?? globalThis.fetch)(url(context, request), init);
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new ApiError({ status: 0, code: "network_unavailable", requestId: context.requestId });
  }
}

/** True when sending the same request twice cannot change anything twice. */
function repeatable(request: CoreRequest): boolean {
  const method = request.method ?? "GET";
  return method === "GET" || (method === "POST" && request.idempotencyKey !== undefined);
}

const defaultWait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function answer<T>(response: Response): Promise<CoreAnswer<T>> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const etag = response.headers.get("etag") ?? undefined;
  if (response.status === 204) {
    const empty: { data: T; pagination?: Pagination } = JSON.parse('{"data":null}');
    return { data: empty.data, pagination: undefined, requestId, etag };
  }
  const body: { data: T; pagination?: Pagination; meta?: { request_id?: string } } = await response.json();
  return {
    data: body.data,
    pagination: body.pagination,
    requestId: body.meta?.request_id ?? requestId,
    etag,
  };
}

/**
 * Calls the Core API and unwraps the envelope.
 * Throws ApiError for everything that is not a 2xx. A 401 is answered by exactly one refresh and one replay;
 * a 429 is waited for only when repeating the request is safe.
 */
export async function coreFetch<T>(context: CoreContext, request: CoreRequest): Promise<CoreAnswer<T>> {
  let token = context.token;
  let refreshed = false;
  let retries = 0;
  for (;;) {
    const response = await send(context, request, token);
    if (response.ok) return answer<T>(response);
    const problem = await problemFrom(response);
    if (problem.status === 401 && context.refresh && token && !refreshed) {
      refreshed = true;
      const fresh = await context.refresh();
      if (fresh) {
        token = fresh;
        continue;
      }
    }
    const pause = problem.retryAfterSeconds ?? 1;
    if (
      problem.status === 429 &&
      repeatable(request) &&
      retries < longestRetries &&
      pause <= longestWaitSeconds
    ) {
      retries += 1;
      await (context.wait ?? defaultWait)(pause * 1000);
      continue;
    }
    throw problem;
  }
}
