/** What a host name says about the clinic. A custom domain still has to be looked up. */
export type HostKind =
  | { kind: "slug"; slug: string }
  | { kind: "custom"; domain: string }
  | { kind: "bare" }
  | { kind: "invalid" };

const slugPattern = /^[a-z0-9](?:-?[a-z0-9])*$/;
const reserved = new Set([
  "www",
  "api",
  "admin",
  "console",
  "portal",
  "clinic",
  "app",
  "mail",
  "static",
  "assets",
]);

/** True for a slug a clinic may have: 3 to 63 characters, lower case, no reserved word. */
export function isSlug(text: string): boolean {
  return text.length >= 3 && text.length <= 63 && slugPattern.test(text) && !reserved.has(text);
}

const stripPort = (host: string) => host.replace(/:\d{1,5}$/, "");

/**
 * Reads the Host header against the platform's domain of this app ("clinic.localhost:9100").
 * Ports are ignored, a trailing dot and capitals too.
 */
export function readHost(hostHeader: string | null, platformDomain: string): HostKind {
  if (!hostHeader) return { kind: "invalid" };
  const host = stripPort(hostHeader.trim().toLowerCase()).replace(/\.$/, "");
  if (host.length === 0 || host.length > 253 || !/^[a-z0-9.-]+$/.test(host)) return { kind: "invalid" };
  const platform = stripPort(platformDomain.toLowerCase());
  if (host === platform) return { kind: "bare" };
  if (host.endsWith(`.${platform}`)) {
    const slug = host.slice(0, -platform.length - 1);
    return isSlug(slug) ? { kind: "slug", slug } : { kind: "invalid" };
  }
  if (!host.includes(".") || /^[\d.]+$/.test(host)) return { kind: "invalid" };
  return { kind: "custom", domain: host };
}
