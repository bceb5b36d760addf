import "server-only";
import { NextResponse, type NextRequest } from "next/server";
import { authPaths, type LoginAnswer } from "@workspace/api-client/auth-shapes";
import { ApiError } from "@workspace/api-client/problem";
import { corePublic } from "./core";
import { keepLogin } from "./bff";
import { safeReturn } from "./return-url";

/** `GET /auth/handoff?code=`: redeems the one-time code of the clinic switcher server to server for this host's own session. */
export async function GET(request: NextRequest): Promise<Response> {
  const code = request.nextUrl.searchParams.get("code");
  const back = safeReturn(request.nextUrl.searchParams.get("return"));
  const to = (location: string) =>
    new NextResponse(null, { status: 303, headers: { location, "referrer-policy": "no-referrer" } });
  if (!code || code.length > 512) return to("/sign-in");
  try {
    const { data } = await corePublic<LoginAnswer>({
      method: "POST",
      path: authPaths.handoffRedeem,
      body: { code },
    });
    return to((await keepLogin(data)).status === "ok" ? back : "/sign-in");
  } catch (error) {
    if (error instanceof ApiError) return to("/sign-in");
    throw error;
  }
}
