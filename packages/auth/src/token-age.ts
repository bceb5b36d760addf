import { tokenClaims } from "./token-claims";

/** True when 80 % of the token's life is over, or when nothing can be read of it. `now` is in milliseconds. */
export function needsRefresh(token: string | undefined, now: number): boolean {
  if (!token) return true;
  const { iat, exp } = tokenClaims(token) ?? {};
  if (typeof iat !== "number" || typeof exp !== "number" || exp <= iat) return true;
  return now / 1000 >= iat + (exp - iat) * 0.8;
}
