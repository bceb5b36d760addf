/** Response headers of every page. `nonce` is new for each request. */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  const script = [`'self'`, `'nonce-${nonce}'`, `'strict-dynamic'`];
  // React's development build evaluates strings to rebuild call stacks.
  if (development) script.push(`'unsafe-eval'`);
  return [
    `default-src 'self'`,
    `script-src ${script.join(" ")}`,
    development ? `style-src 'self' 'unsafe-inline'` : `style-src 'self' 'nonce-${nonce}'`,
    // Positions of popovers are style attributes; they cannot load or run anything.
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    development ? `connect-src 'self' ws:` : `connect-src 'self'`,
    `media-src 'self' blob:`,
    `worker-src 'self' blob:`,
    `manifest-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join("; ");
}

export function securityHeaders(secure: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy":
      "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), browsing-topics=()",
  };
  if (secure) headers["strict-transport-security"] = "max-age=63072000; includeSubDomains";
  return headers;
}

const internalPrefixes = ["x-rx-", "x-org-", "x-middleware-"];
const internalNames = [
  "x-organization-id",
  "x-organization-slug",
  "x-app",
  "x-client-id",
  "x-request-id",
  "x-nonce",
  "content-security-policy",
];

/** Removes headers that only our own proxy may set; a visitor's copy is never believed. */
export function stripInternalHeaders(headers: Headers): void {
  for (const name of [...headers.keys()]) {
    if (internalNames.includes(name) || internalPrefixes.some((prefix) => name.startsWith(prefix)))
      headers.delete(name);
  }
}
