import "server-only";
import { NextResponse, type NextRequest } from "next/server";
import { auth, clerkClient } from "@clerk/nextjs/server";
import { changing } from "../bff";
import { safeReturn } from "../return-url";

const absent = () => new NextResponse(null, { status: 404 });

/** Clerk's own components sign people in; only leaving and the way back from a 401 are ours. */
export async function GET(request: NextRequest): Promise<Response> {
  if (!request.nextUrl.pathname.endsWith("/refresh")) return absent();
  const back = safeReturn(request.nextUrl.searchParams.get("return"));
  return new NextResponse(null, {
    status: 303,
    headers: { location: `/sign-in?ended=1&return=${encodeURIComponent(back)}` },
  });
}

export async function POST(): Promise<Response> {
  return absent();
}

export const DELETE = changing(async () => {
  const { sessionId } = await auth();
  if (sessionId) await (await clerkClient()).sessions.revokeSession(sessionId);
  return NextResponse.json({ status: "ok" });
});
