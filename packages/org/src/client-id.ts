import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

export const clientIdCookie = "__Host-rx-client";
/** One year; a browser that comes back keeps its holds and its limits. */
export const clientIdMaxAge = 365 * 24 * 3600;

declare global {
  // One key per process: the proxy that makes the id and the routes that read it are bundled apart.
  var restartixClientIdKey: string | undefined;
}

function processKey(): string {
  globalThis.restartixClientIdKey ??= randomBytes(32).toString("hex");
  return globalThis.restartixClientIdKey;
}

function signature(id: string, key: string): string {
  return createHmac("sha256", key || processKey())
    .update(id)
    .digest("base64url");
}

/** Makes a signed client id: a random id, a dot, its HMAC. */
export function newClientId(key: string): string {
  const id = randomUUID();
  return `${id}.${signature(id, key)}`;
}

/** Returns the value when its signature is ours, else null. */
export function validClientId(value: string | undefined, key: string): string | null {
  const match = /^([0-9a-f-]{36})\.([\w-]{43})$/.exec(value ?? "");
  if (!match || !value) return null;
  const given = Buffer.from(match[2] ?? "");
  const expected = Buffer.from(signature(match[1] ?? "", key));
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : null;
}
