import { createHash } from "node:crypto";
import type { Tokens } from "@workspace/api-client/auth-shapes";
import { SingleFlight } from "../single-flight";
import { grant, oidcClient } from "./issuer";

const flights = new SingleFlight<Tokens | null>(60_000, Date.now);

/** Uses the refresh token at the issuer; null when the issuer refuses it. */
export function rotate(refreshToken: string): Promise<Tokens | null> {
  const key = createHash("sha256").update(refreshToken).digest("base64url");
  return flights.run(key, () =>
    grant(oidcClient(), { grant_type: "refresh_token", refresh_token: refreshToken }, refreshToken),
  );
}
