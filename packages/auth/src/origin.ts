/**
 * True when a changing request comes from a page of this very host.
 * The Origin header must name the host the request was sent to; a missing one is accepted only with Sec-Fetch-Site: same-origin.
 */
export function sameOrigin(headers: Headers): boolean {
  const host = headers.get("host")?.toLowerCase();
  if (!host) return false;
  const origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") === "same-origin";
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
