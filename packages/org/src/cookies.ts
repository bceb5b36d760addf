import type { PublicOrganization } from "@workspace/api-client/shapes";

/** A cookie to set on this host only. `maxAge` 0 deletes it, undefined keeps it for the browser session. */
export interface CookieChange {
  name: string;
  value: string;
  httpOnly: boolean;
  maxAge?: number | undefined;
}

/** The options that the `__Host-` prefix demands. */
export function cookieOptions(change: CookieChange) {
  return {
    httpOnly: change.httpOnly,
    secure: true,
    sameSite: "lax" as const,
    path: "/",
    ...(change.maxAge === undefined ? {} : { maxAge: change.maxAge }),
  };
}

export const organizationCookies = ["__Host-org-id", "__Host-org-slug", "__Host-org-name"] as const;

/** Hints for rendering only: the API checks membership on every request and never believes them. */
export function organizationHints(organization: PublicOrganization): CookieChange[] {
  return [
    { name: "__Host-org-id", value: organization.id, httpOnly: true },
    { name: "__Host-org-slug", value: organization.slug, httpOnly: true },
    { name: "__Host-org-name", value: organization.name, httpOnly: true },
  ];
}
