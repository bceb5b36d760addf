import "server-only";
import { cookies } from "next/headers";
import { NextResponse, type NextRequest } from "next/server";
import { z } from "zod";
import {
  authPaths,
  type AcceptAnswer,
  type LoginAnswer,
  type PasskeyCeremony,
} from "@workspace/api-client/auth-shapes";
import { cookieOptions } from "@workspace/org/cookies";
import { corePublic, coreWrite } from "../core";
import { changing, keepLogin, setCookies } from "../bff";
import { safeReturn } from "../return-url";
import { clearedCookies, mfaCookie, refreshCookie } from "../tokens";
import { driver } from "./server";

/** Marks for a moment that a page was sent through a refresh. */
const refreshedCookie = "__Host-rx-refreshed";

const email = z.string().trim().min(3).max(320);
const secret = z.string().min(1).max(1024);
const schemas = {
  login: z.object({ email, password: secret }),
  totp: z.object({ code: z.string().trim().min(6).max(64) }),
  code: z.object({ email }),
  codeVerify: z.object({ email, code: z.string().trim().min(6).max(12) }),
  forgot: z.object({ email }),
  reset: z.object({ token: secret, password: secret }),
  verifyEmail: z.object({ token: secret }),
  passkeyFinish: z.object({
    ceremony_id: z.string().max(200),
    credential: z.record(z.string(), z.unknown()),
  }),
  accept: z.object({
    token: secret,
    name: z.string().trim().min(1).max(200).optional(),
    password: secret.optional(),
    locale: z.enum(["ro", "en"]),
  }),
};

function invalid(): NextResponse {
  return NextResponse.json({ code: "validation_error", errors: [] }, { status: 422 });
}

function step<S extends z.ZodType>(schema: S, run: (input: z.output<S>) => Promise<unknown>) {
  return changing(async (body) => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) return invalid();
    return NextResponse.json(await run(parsed.data));
  });
}

const login = async (path: string, body: unknown) =>
  keepLogin((await corePublic<LoginAnswer>({ method: "POST", path, body })).data);

const done = async (path: string, body: unknown) => {
  await corePublic<null>({ method: "POST", path, body });
  return { status: "ok" };
};

const posts: Record<string, (request: Request) => Promise<Response>> = {
  "": step(schemas.login, (input) => login(authPaths.login, input)),
  totp: step(schemas.totp, async ({ code }) =>
    login(authPaths.totpVerify, { mfa_token: (await cookies()).get(mfaCookie)?.value ?? "", code }),
  ),
  code: step(schemas.code, (input) => done(authPaths.code, input)),
  "code/verify": step(schemas.codeVerify, (input) => login(authPaths.codeVerify, input)),
  forgot: step(schemas.forgot, (input) => done(authPaths.passwordForgot, input)),
  reset: step(schemas.reset, (input) => done(authPaths.passwordReset, input)),
  "verify-email": step(schemas.verifyEmail, (input) => done(authPaths.emailVerify, input)),
  "passkey/begin": step(
    z.unknown(),
    async () =>
      (
        await corePublic<PasskeyCeremony<unknown>>({
          method: "POST",
          path: authPaths.passkeyLoginBegin,
        })
      ).data,
  ),
  "passkey/finish": step(schemas.passkeyFinish, (input) => login(authPaths.passkeyLoginFinish, input)),
  accept: step(schemas.accept, async ({ token, ...body }) => {
    // Someone who is signed in accepts as that person; otherwise an account is made.
    const call = (await driver.readToken()) ? coreWrite : corePublic;
    const { data } = await call<AcceptAnswer>({
      method: "POST",
      path: authPaths.invitationAccept(token),
      body,
    });
    return data.status === "accepted" ? data : keepLogin(data);
  }),
};

interface RouteContext {
  params: Promise<{ step?: string[] }>;
}

const stepName = async (context: RouteContext) => ((await context.params).step ?? []).join("/");

export async function POST(request: NextRequest, context: RouteContext): Promise<Response> {
  const handler = posts[await stepName(context)];
  return handler ? handler(request) : new NextResponse(null, { status: 404 });
}

/** Ends the login session here and at the API. */
export const DELETE = changing(async () => {
  const refreshToken = (await cookies()).get(refreshCookie)?.value;
  try {
    if (refreshToken)
      await corePublic<null>({
        method: "POST",
        path: authPaths.logout,
        body: { refresh_token: refreshToken },
      });
  } finally {
    await setCookies(clearedCookies());
  }
  return NextResponse.json({ status: "ok" });
});

/** `GET /api/session/refresh?return=`: one refresh for a page that met a 401, then back, else to sign-in. */
export async function GET(request: NextRequest, context: RouteContext): Promise<Response> {
  if ((await stepName(context)) !== "refresh") return new NextResponse(null, { status: 404 });
  const back = safeReturn(request.nextUrl.searchParams.get("return"));
  const repeated = request.cookies.get(refreshedCookie) !== undefined;
  const token = repeated ? null : await driver.refreshToken();
  const response = new NextResponse(null, {
    status: 303,
    headers: { location: token ? back : `/sign-in?ended=1&return=${encodeURIComponent(back)}` },
  });
  // A page that still meets a 401 right after a refresh must not turn in circles.
  if (token)
    response.cookies.set(
      refreshedCookie,
      "1",
      cookieOptions({ name: refreshedCookie, value: "1", httpOnly: true, maxAge: 5 }),
    );
  else for (const change of clearedCookies()) response.cookies.set(change.name, "", cookieOptions(change));
  return response;
}
