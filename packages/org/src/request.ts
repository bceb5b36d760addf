import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import type { PublicOrganization } from "@workspace/api-client/shapes";

/** Names of the headers that the proxy hands to the render of the same request. */
export const organizationHeader = "x-rx-org";
export const pathHeader = "x-rx-path";
export const nonceHeader = "x-nonce";

export function encodeOrganization(organization: PublicOrganization): string {
  return Buffer.from(JSON.stringify(organization), "utf8").toString("base64url");
}

/** The clinic of this request as the proxy resolved it; null in the console and on the bare host. */
export const currentOrganization = cache(async (): Promise<PublicOrganization | null> => {
  const raw = (await headers()).get(organizationHeader);
  if (!raw) return null;
  const organization: PublicOrganization = JSON.parse(Buffer.from(raw, "base64url").toString("utf8"));
  return organization;
});

export async function pageNonce(): Promise<string> {
  return (await headers()).get(nonceHeader) ?? "";
}

export async function requestPath(): Promise<string> {
  return (await headers()).get(pathHeader) ?? "/";
}
