import "server-only";
import { z } from "zod";
import type { Tokens } from "@workspace/api-client/auth-shapes";

const discovery = z.object({
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  end_session_endpoint: z.url().optional(),
});
const tokenAnswer = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number().int().positive(),
});

export interface Issuer {
  authorizationEndpoint: string;
  tokenEndpoint: string;
}

export interface OidcClient {
  issuer: string;
  clientId: string;
  clientSecret: string;
  scope: string;
}

/** The configured client; throws when the build uses OIDC without OIDC_ISSUER and OIDC_CLIENT_ID. */
export function oidcClient(): OidcClient {
  const issuer = process.env.OIDC_ISSUER?.replace(/\/+$/, "");
  const clientId = process.env.OIDC_CLIENT_ID;
  if (!issuer || !clientId) throw new Error("OIDC_ISSUER and OIDC_CLIENT_ID are required by the oidc driver");
  return {
    issuer,
    clientId,
    clientSecret: process.env.OIDC_CLIENT_SECRET ?? "",
    scope: process.env.OIDC_SCOPE ?? "openid email profile offline_access",
  };
}

export async function discover(client: OidcClient): Promise<Issuer> {
  const response = await fetch(`${client.issuer}/.well-known/openid-configuration`, { cache: "no-store" });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const found = discovery.parse(await response.json());
  return { authorizationEndpoint: found.authorization_endpoint, tokenEndpoint: found.token_endpoint };
}

/** Asks the token endpoint; null when the issuer refuses the grant. */
export async function grant(
  client: OidcClient,
  parameters: Record<string, string>,
  oldRefreshToken: string,
): Promise<Tokens | null> {
  const { tokenEndpoint } = await discover(client);
  const body = new URLSearchParams({ ...parameters, client_id: client.clientId });
  if (client.clientSecret) body.set("client_secret", client.clientSecret);
  const response = await fetch(tokenEndpoint, {
    method: "POST",
    body,
    headers: { accept: "application/json" },
    cache: "no-store",
  });
  if (!response.ok) return null;
  const answer = tokenAnswer.parse(await response.json());
  return {
    access_token: answer.access_token,
    refresh_token: answer.refresh_token ?? oldRefreshToken,
    expires_in: answer.expires_in,
  };
}
