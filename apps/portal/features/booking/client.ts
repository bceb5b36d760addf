"use client";

import { coreFetch, type CoreRequest } from "@workspace/api-client/core-fetch";
import { clockSkew } from "./countdown";
import type { Availability, Hold } from "./wire";

let skew = 0;

/** The server's clock in milliseconds, as far as its answers told it. */
export function serverNow(): number {
  return Date.now() + skew;
}

async function timed(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  skew = clockSkew(response.headers.get("date"), Date.now());
  return response;
}

/** Calls the Core API through this app's own origin. Throws ApiError. */
export async function call<T>(locale: string, request: CoreRequest): Promise<T> {
  const context = { baseUrl: "/api/core", app: "portal", locale, fetch: timed } as const;
  return (await coreFetch<T>(context, request)).data;
}

export interface Wanted {
  serviceId: string;
  /** Null is any specialist. */
  specialistId: string | null;
}

export function fetchAvailability(
  locale: string,
  wanted: Wanted,
  range: { from: string; to: string; tz: string },
): Promise<Availability> {
  return call<Availability>(locale, {
    path: "/v1/public/availability",
    query: {
      service_id: wanted.serviceId,
      ...(wanted.specialistId ? { specialist_id: wanted.specialistId } : {}),
      ...range,
    },
  });
}

const holds = "/v1/public/holds";

export function makeHold(locale: string, wanted: Wanted, start: string): Promise<Hold> {
  return call<Hold>(locale, {
    method: "POST",
    path: holds,
    body: {
      service_id: wanted.serviceId,
      ...(wanted.specialistId ? { specialist_id: wanted.specialistId } : {}),
      start,
    },
  });
}

export function extendHold(locale: string, hold: Hold): Promise<Hold> {
  return call<Hold>(locale, {
    method: "PATCH",
    path: `${holds}/${encodeURIComponent(hold.hold_id)}`,
    holdToken: hold.hold_token,
  });
}

/** Gives the time back; it may be called while the page is closing, so nothing waits for the answer. */
export async function releaseHold(hold: Hold): Promise<void> {
  try {
    await fetch(`/api/core${holds}/${encodeURIComponent(hold.hold_id)}`, {
      method: "DELETE",
      headers: { "x-hold-token": hold.hold_token },
      keepalive: true,
    });
  } catch {
    // The lease ends by itself within a minute.
  }
}
