import type { WithAuth } from "../driver";
import { needsRefresh } from "../token-age";
import { accessCookie, clearedCookies, refreshCookie, tokenCookies } from "../tokens";
import { rotate } from "./refresh";

export const withAuth: WithAuth = (handler) => async (request) => {
  const refreshToken = request.cookies.get(refreshCookie)?.value;
  const accessToken = request.cookies.get(accessCookie)?.value;
  if (!refreshToken || !needsRefresh(accessToken, Date.now()))
    return handler(request, { signedIn: accessToken !== undefined, cookies: [] });
  const tokens = await rotate(refreshToken);
  return handler(
    request,
    tokens
      ? { signedIn: true, cookies: tokenCookies(tokens) }
      : { signedIn: false, cookies: clearedCookies() },
  );
};
