import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { cookies } from "next/headers";
import { NextResponse, type NextRequest } from "next/server";
import { schemeOf } from "@workspace/org/env";
import { changing, setCookies } from "../bff";
import { safeReturn } from "../return-url";
import { clearedCookies, tokenCookies } from "../tokens";
import { discover, grant, oidcClient } from "./issuer";
import { driver } from "./server";

const flowCookie = "__Host-rx_oidc";
const flowMaxAge = 10 * 60;

const to = (location: string) => new NextResponse(null, { status: 303, headers: { location } });

function callbackOf(request: NextRequest): string {
  const host = request.headers.get("host") ?? request.nextUrl.host;
  return `${schemeOf(host)}://${host}/api/session/callback`;
}

/** Authorization code with PKCE; state and verifier wait in an httpOnly cookie. */
async function start(request: NextRequest): Promise<Response> {
  const client = oidcClient();
  const { authorizationEndpoint } = await discover(client);
  const state = randomBytes(16).toString("base64url");
  const verifier = randomBytes(32).toString("base64url");
  const back = safeReturn(request.nextUrl.searchParams.get("return"));
  await setCookies([
    {
      name: flowCookie,
      value: [state, verifier, Buffer.from(back).toString("base64url")].join("."),
      httpOnly: true,
      maxAge: flowMaxAge,
    },
  ]);
  const address = new URL(authorizationEndpoint);
  address.search = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: callbackOf(request),
    scope: client.scope,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return to(address.toString());
}

async function finish(request: NextRequest): Promise<Response> {
  const [state, verifier, back] = ((await cookies()).get(flowCookie)?.value ?? "").split(".");
  const code = request.nextUrl.searchParams.get("code");
  await setCookies([{ name: flowCookie, value: "", httpOnly: true, maxAge: 0 }]);
  if (!state || !verifier || !code || request.nextUrl.searchParams.get("state") !== state)
    return to("/sign-in");
  const tokens = await grant(
    oidcClient(),
    { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: callbackOf(request) },
    "",
  );
  if (!tokens) return to("/sign-in");
  await setCookies(tokenCookies(tokens));
  return to(safeReturn(Buffer.from(back ?? "", "base64url").toString("utf8")));
}

async function refresh(request: NextRequest): Promise<Response> {
  const back = safeReturn(request.nextUrl.searchParams.get("return"));
  return to((await driver.refreshToken()) ? back : `/sign-in?ended=1&return=${encodeURIComponent(back)}`);
}

interface RouteContext {
  params: Promise<{ step?: string[] }>;
}

export async function GET(request: NextRequest, { params }: RouteContext): Promise<Response> {
  switch (((await params).step ?? []).join("/")) {
    case "start":
      return start(request);
    case "callback":
      return finish(request);
    case "refresh":
      return refresh(request);
    default:
      return new NextResponse(null, { status: 404 });
  }
}

export async function POST(): Promise<Response> {
  return new NextResponse(null, { status: 404 });
}

export const DELETE = changing(async () => {
  await setCookies(clearedCookies());
  return NextResponse.json({ status: "ok" });
});
