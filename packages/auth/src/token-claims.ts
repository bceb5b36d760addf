/** What an access token says, read without trusting it: only the API verifies signatures. Null when nothing can be read. */
export function tokenClaims(token: string): Readonly<Record<string, unknown>> | null {
  const part = token.split(".")[1];
  if (!part) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
}

/**
 * Which sign-in a token belongs to, so that a page can tell a fresh sign-in from an old one. Renewed tokens keep it where the
 * issuer names the login session (`sid`) or its time (`auth_time`); else it is the person alone. It is a mark, never a proof.
 */
export function loginMark(token: string): string {
  const claims = tokenClaims(token) ?? {};
  const mark = claims.sid ?? claims.auth_time ?? claims.sub;
  return typeof mark === "string" || typeof mark === "number" ? String(mark) : "";
}
