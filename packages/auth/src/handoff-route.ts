import "server-only";
import { NextResponse, type NextRequest } from "next/server";
import { authPaths, type LoginAnswer, type Tokens } from "@workspace/api-client/auth-shapes";
import { ApiError } from "@workspace/api-client/problem";
import { corePublic } from "./core";
import { setCookies } from "./bff";
import { safeReturn } from "./return-url";
import { tokenCookies } from "./tokens";

/** `GET /auth/handoff?code=`: redeems the one-time code of the clinic switcher server to server for this host's own session. */
export async function GET(request: NextRequest): Promise<Response> {
  const code = request.nextUrl.searchParams.get("code");
  const back = safeReturn(request.nextUrl.searchParams.get("return"));
  const to = (location: string) =>
    new NextResponse(null, { status: 303, headers: { location, "referrer-policy": "no-referrer" } });
  if (!code || code.length > 512) return to("/sign-in");
  try {
    const { data } = await corePublic<LoginAnswer | Tokens>({
      method: "POST",
      path: authPaths.handoffRedeem,
      body: { code },
    });
    if ("status" in data && data.status !== "ok") return to("/sign-in");
    await setCookies(tokenCookies(data));
    return to(back);
  } catch (error) {
    if (error instanceof ApiError) return to("/sign-in");
    throw error;
  }
}
