import "server-only";
import { cookies, headers } from "next/headers";
import { cookieOptions } from "@workspace/org/cookies";
import { appName } from "../app-name";
import type { ServerDriver } from "../driver";
import { accessCookie, refreshCookie, tokenCookies } from "../tokens";
import { rotate } from "./refresh";

export const driver: ServerDriver = {
  name: "builtin",
  async readToken() {
    return (await cookies()).get(accessCookie)?.value ?? null;
  },
  async refreshToken() {
    const jar = await cookies();
    const refreshToken = jar.get(refreshCookie)?.value;
    if (!refreshToken) return null;
    const tokens = await rotate(
      refreshToken,
      appName(),
      (await headers()).get("x-forwarded-for") ?? undefined,
    );
    // The cookies of an ended session stay for now: changing cookies in an action draws the page anew, and that page would be
    // sign-in, without what the person typed. The next page that is opened clears them.
    for (const change of tokens ? tokenCookies(tokens) : [])
      jar.set(change.name, change.value, cookieOptions(change));
    return tokens?.access_token ?? null;
  },
};
