/**
 * Makes a return address safe: a path on this host, else the fallback.
 * Refuses other origins, protocol-relative forms, backslashes and control characters; sign-in pages are no destination.
 */
export function safeReturn(candidate: string | null | undefined, fallback = "/"): string {
  if (!candidate || !candidate.startsWith("/") || candidate.length > 2000) return fallback;
  if (/^\/[/\\]/.test(candidate) || /[\u0000-\u001f\u007f\\]/.test(candidate)) return fallback;
  let url: URL;
  try {
    url = new URL(candidate, "http://return.invalid");
  } catch {
    return fallback;
  }
  if (url.origin !== "http://return.invalid" || url.pathname.startsWith("//")) return fallback;
  if (url.pathname === "/sign-in" || url.pathname.startsWith("/api/")) return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}
