import { linkIn, newestMail } from "./inbox";
import { newcomer, people, type Account } from "./people";
import { read } from "./shape";
import { clinicSite, coreApi } from "./stack";
import { freshCode } from "./totp";

type Fields = Record<string, unknown>;

/** One signed-in caller of the Core API. Tests arrange with it; what they prove goes through the browser. */
export class Caller {
  constructor(
    private readonly token: string,
    private readonly organization: string | undefined,
  ) {}

  /** The same person in another clinic. */
  in(organization: string): Caller {
    return new Caller(this.token, organization);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${coreApi}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        "x-app": "clinic",
        ...(this.organization ? { "x-organization-id": this.organization } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The data of an answer that must be good. */
  async data(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<unknown> {
    const response = await this.call(method, path, body, headers);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : read.record(await response.json()).data;
  }
}

async function post(path: string, body: Fields, app = "clinic"): Promise<Fields> {
  const response = await fetch(`${coreApi}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-app": app },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return read.record(read.record(await response.json()).data);
}

/** Signs in at the Core API itself. */
export async function coreLogin(account: Account, app = "clinic"): Promise<Caller> {
  let answer = await post("/v1/auth/login", { email: account.email, password: account.password }, app);
  if (answer.status === "mfa_required")
    answer = await post("/v1/auth/totp/verify", {
      mfa_token: read.text(answer, "mfa_token"),
      code: await freshCode(account.totp ?? ""),
    });
  return new Caller(read.text(answer, "access_token"), undefined);
}

/** The id of an active clinic. */
export async function clinicId(slug: string): Promise<string> {
  const response = await fetch(`${coreApi}/v1/public/organizations/resolve?slug=${slug}`, {
    headers: { "x-app": "clinic" },
  });
  return read.text(read.record(read.record(await response.json()).data), "id");
}

let administrator: { at: number; caller: Caller } | undefined;

/** The administrator of the demo clinics, in one of them. */
export async function adminOf(slug: string): Promise<Caller> {
  if (!administrator || Date.now() - administrator.at > 5 * 60_000)
    administrator = { at: Date.now(), caller: await coreLogin(people.admin()) };
  return administrator.caller.in(await clinicId(slug));
}

/** Makes a new member of the clinic the way people become one: invited by mail, accepted by its link. */
export async function newMember(slug: string, role: string, name: string): Promise<Account> {
  const account = newcomer(role, name);
  const admin = await adminOf(slug);
  await admin.data("POST", `/v1/organizations/${await clinicId(slug)}/members`, {
    email: account.email,
    role,
  });
  const link = linkIn(await newestMail(account.email), `${clinicSite(slug).host}/invitations/`);
  const token = new URL(link).pathname.split("/").at(-1) ?? "";
  await post(`/v1/auth/invitations/${token}/accept`, {
    name: account.name,
    password: account.password,
    locale: "ro",
  });
  return account;
}

const members = new Map<string, Account>();

/** A member that the whole run shares, made when first asked for. */
export async function memberOf(slug: string, role: string): Promise<Account> {
  const key = `${slug} ${role}`;
  const known = members.get(key);
  if (known) return known;
  const made = await newMember(slug, role, `Membru ${slug} ${role.replace("_", " ")}`);
  members.set(key, made);
  return made;
}
