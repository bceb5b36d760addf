import { request, type APIRequestContext } from "@playwright/test";
import type { Account } from "./people";
import { read } from "./shape";
import type { Site } from "./stack";
import { freshCode } from "./totp";

type State = Awaited<ReturnType<APIRequestContext["storageState"]>>;

/** Access tokens live ten minutes; a kept login older than this is made anew, so that no test meets a refresh by chance. */
const keptMs = 4 * 60_000;
const kept = new Map<string, { at: number; state: State }>();

/** Signs in through the app's own routes, as the forms do, and answers the cookies. */
export async function freshLogin(account: Account, site: Site): Promise<State> {
  const context = await request.newContext({
    baseURL: site.origin,
    extraHTTPHeaders: { origin: site.origin },
  });
  try {
    const first = await context.post("/api/session", {
      data: { email: account.email, password: account.password },
    });
    const answer = read.record(await first.json());
    if (answer.status === "mfa_required") {
      if (!account.totp) throw new Error(`${account.email} needs a second step and has no secret here`);
      const second = await context.post("/api/session/totp", {
        data: { code: await freshCode(account.totp) },
      });
      if (!second.ok()) throw new Error(`second step of ${account.email}: ${await second.text()}`);
    } else if (!first.ok()) throw new Error(`sign-in of ${account.email}: ${JSON.stringify(answer)}`);
    return await context.storageState();
  } finally {
    await context.dispose();
  }
}

/** A login that tests share. A test that signs out or revokes takes freshLogin instead. */
export async function login(account: Account, site: Site): Promise<State> {
  const key = `${account.email} ${site.origin}`;
  const known = kept.get(key);
  if (known && Date.now() - known.at < keptMs) return known.state;
  const state = await freshLogin(account, site);
  kept.set(key, { at: Date.now(), state });
  return state;
}

/** The cookies as one header, for requests that are written by hand. */
export function cookieHeader(state: State): string {
  return state.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
