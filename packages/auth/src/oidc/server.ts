import "server-only";
import { cookies } from "next/headers";
import { cookieOptions } from "@workspace/org/cookies";
import type { ServerDriver } from "../driver";
import { accessCookie, refreshCookie, tokenCookies } from "../tokens";
import { rotate } from "./refresh";

export const driver: ServerDriver = {
  name: "oidc",
  async readToken() {
    return (await cookies()).get(accessCookie)?.value ?? null;
  },
  async refreshToken() {
    const jar = await cookies();
    const refreshToken = jar.get(refreshCookie)?.value;
    if (!refreshToken) return null;
    const tokens = await rotate(refreshToken);
    // See the built-in driver: clearing here would take what was typed along.
    for (const change of tokens ? tokenCookies(tokens) : [])
      jar.set(change.name, change.value, cookieOptions(change));
    return tokens?.access_token ?? null;
  },
};
