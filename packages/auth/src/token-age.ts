/** Lifetimes read from an access token without trusting it: only the API verifies signatures. */
function claims(token: string): { iat?: unknown; exp?: unknown } | null {
  const part = token.split(".")[1];
  if (!part) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}

/** True when 80 % of the token's life is over, or when nothing can be read of it. `now` is in milliseconds. */
export function needsRefresh(token: string | undefined, now: number): boolean {
  if (!token) return true;
  const { iat, exp } = claims(token) ?? {};
  if (typeof iat !== "number" || typeof exp !== "number" || exp <= iat) return true;
  return now / 1000 >= iat + (exp - iat) * 0.8;
}
