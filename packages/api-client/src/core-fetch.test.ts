import { describe, expect, it, vi } from "vitest";
import { coreFetch, type CoreContext, type CoreRequest } from "./core-fetch";
import { ApiError } from "./problem";

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** A fetch that answers from a list and remembers what it was asked. */
function scripted(replies: Reply[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push({ url: String(input), init: init ?? {} });
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    if (!reply) throw new Error("no reply left");
    return new Response(reply.status === 204 ? null : JSON.stringify(reply.body ?? {}), {
      status: reply.status,
      headers: { "content-type": "application/json", ...reply.headers },
    });
  };
  const waits: number[] = [];
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
  };
  return { fetch, asked, wait, waits };
}

const ok: Reply = { status: 200, body: { data: { id: "1" }, meta: { request_id: "r-1" } } };
const limited: Reply = {
  status: 429,
  body: { code: "rate_limited", status: 429 },
  headers: { "retry-after": "3" },
};
const expired: Reply = { status: 401, body: { code: "token_expired", status: 401 } };

function call(script: ReturnType<typeof scripted>, request: CoreRequest, more: Partial<CoreContext> = {}) {
  return coreFetch<{ id: string }>(
    { baseUrl: "http://core", app: "clinic", token: "old", fetch: script.fetch, wait: script.wait, ...more },
    request,
  );
}

const tokens = (script: ReturnType<typeof scripted>) =>
  script.asked.map(({ init }) => new Headers(init.headers).get("authorization"));

// Verifies API-09
describe("retry rules", () => {
  it("waits Retry-After on a 429 of a GET", async () => {
    const script = scripted([limited, ok]);
    await expect(call(script, { path: "/v1/x" })).resolves.toMatchObject({
      data: { id: "1" },
      requestId: "r-1",
    });
    expect(script.waits).toEqual([3000]);
    expect(script.asked).toHaveLength(2);
  });

  it("gives up on a GET that stays limited", async () => {
    const script = scripted([limited]);
    await expect(call(script, { path: "/v1/x" })).rejects.toMatchObject({
      status: 429,
      code: "rate_limited",
      retryAfterSeconds: 3,
    });
    expect(script.asked).toHaveLength(3);
  });

  it("never repeats a POST without a key", async () => {
    const script = scripted([limited, ok]);
    await expect(call(script, { method: "POST", path: "/v1/x", body: {} })).rejects.toMatchObject({
      status: 429,
    });
    expect(script.asked).toHaveLength(1);
    expect(script.waits).toEqual([]);
  });

  it("repeats a POST with a key, under the same key", async () => {
    const script = scripted([limited, ok]);
    await call(script, { method: "POST", path: "/v1/x", body: {}, idempotencyKey: "k" });
    expect(script.asked.map(({ init }) => new Headers(init.headers).get("idempotency-key"))).toEqual([
      "k",
      "k",
    ]);
  });

  it("refreshes exactly once on a 401 and replays with the new token", async () => {
    const script = scripted([expired, ok]);
    const refresh = vi.fn(async () => "new");
    await call(script, { method: "POST", path: "/v1/x", body: { a: 1 } }, { refresh });
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(tokens(script)).toEqual(["Bearer old", "Bearer new"]);
    expect(script.asked.map(({ init }) => init.body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it("throws the second 401", async () => {
    const script = scripted([expired]);
    const refresh = vi.fn(async () => "new");
    await expect(call(script, { path: "/v1/x" }, { refresh })).rejects.toMatchObject({
      status: 401,
      code: "token_expired",
    });
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(script.asked).toHaveLength(2);
  });

  it("does not replay when the login session has ended", async () => {
    const script = scripted([expired]);
    await expect(call(script, { path: "/v1/x" }, { refresh: async () => null })).rejects.toMatchObject({
      status: 401,
    });
    expect(script.asked).toHaveLength(1);
  });
});

describe("the wire", () => {
  it("sends the context as headers", async () => {
    const script = scripted([ok]);
    await call(
      script,
      { path: "/v1/x", query: { page: 2, search: "ș", none: undefined }, ifMatch: '"3"' },
      {
        organizationId: "o",
        locale: "ro",
        requestId: "r",
        forwardedFor: "192.0.2.1",
        clientId: "c",
        userAgent: "Browser/1",
        forwardedHost: "arin.clinic.localhost:9100",
      },
    );
    const headers = new Headers(script.asked[0]?.init.headers);
    expect(script.asked[0]?.url).toBe("http://core/v1/x?page=2&search=%C8%99");
    expect(Object.fromEntries(headers)).toMatchObject({
      authorization: "Bearer old",
      "x-organization-id": "o",
      "x-app": "clinic",
      "accept-language": "ro",
      "x-request-id": "r",
      "x-forwarded-for": "192.0.2.1",
      "x-client-id": "c",
      "user-agent": "Browser/1",
      "x-forwarded-host": "arin.clinic.localhost:9100",
      "if-match": '"3"',
    });
  });

  it("turns a problem into an ApiError", async () => {
    const body = {
      status: 422,
      code: "validation_error",
      detail: "d",
      request_id: "r-9",
      errors: [{ location: "body.email", message: "m" }],
    };
    const error = await call(scripted([{ status: 422, body }]), { path: "/v1/x" }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 422,
      code: "validation_error",
      detail: "d",
      requestId: "r-9",
      errors: body.errors,
    });
  });

  it("gives an answer that is no problem a code of its own", async () => {
    const error = await call(scripted([{ status: 502, body: "<html>" }]), { path: "/v1/x" }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ status: 502, code: "http_502" });
  });

  it("reports an unreachable API without inventing a status", async () => {
    const fetch: typeof globalThis.fetch = async () => {
      throw new TypeError("refused");
    };
    const error = await coreFetch({ baseUrl: "http://core", app: "portal", fetch }, { path: "/v1/x" }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ status: 0, code: "network_unavailable" });
  });

  it("accepts an empty answer", async () => {
    await expect(
      call(scripted([{ status: 204 }]), { method: "DELETE", path: "/v1/x" }),
    ).resolves.toMatchObject({ data: null });
  });
});
