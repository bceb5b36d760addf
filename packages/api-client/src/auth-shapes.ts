import type {
  SigninDevice,
  SigninEnrol,
  SigninHandoff,
  SigninInvitation,
  SigninPasskey,
  SigninRecovery,
} from "./gen/types.gen";

/**
 * Paths of the built-in sign-in and the shapes of its answers. The document describes a login as one object with optional
 * members; here it is a union by `status`, so that a token cannot be read from an unfinished sign-in.
 */

export const authPaths = {
  login: "/v1/auth/login",
  totpVerify: "/v1/auth/totp/verify",
  code: "/v1/auth/code",
  codeVerify: "/v1/auth/code/verify",
  refresh: "/v1/auth/refresh",
  logout: "/v1/auth/logout",
  handoff: "/v1/auth/handoff",
  handoffRedeem: "/v1/auth/handoff/redeem",
  invitation: (token: string) => `/v1/auth/invitations/${encodeURIComponent(token)}`,
  invitationAccept: (token: string) => `/v1/auth/invitations/${encodeURIComponent(token)}/accept`,
  passwordForgot: "/v1/auth/password/forgot",
  passwordReset: "/v1/auth/password/reset",
  passwordChange: "/v1/auth/password/change",
  emailVerify: "/v1/auth/email/verify",
  totpDisable: "/v1/auth/totp/disable",
  passkeys: "/v1/auth/passkeys",
  passkey: (id: string) => `/v1/auth/passkeys/${encodeURIComponent(id)}`,
  totpEnrol: "/v1/auth/totp/enrol",
  totpActivate: "/v1/auth/totp/activate",
  passkeyRegisterBegin: "/v1/auth/passkeys/register/begin",
  passkeyRegisterFinish: "/v1/auth/passkeys/register/finish",
  passkeyLoginBegin: "/v1/auth/passkeys/login/begin",
  passkeyLoginFinish: "/v1/auth/passkeys/login/finish",
  loginSessions: "/v1/me/login-sessions",
  loginSession: (id: string) => `/v1/me/login-sessions/${encodeURIComponent(id)}`,
} as const;

export interface Tokens {
  access_token: string;
  refresh_token: string;
  /** Seconds the access token lives. */
  expires_in: number;
}

export type MfaMethod = "totp" | "recovery" | "passkey";

export type LoginAnswer =
  ({ status: "ok" } & Tokens) | { status: "mfa_required"; mfa_token: string; methods: MfaMethod[] };

/** "accepted": the invitation holds and the person, who has an account, now signs in. */
export type AcceptAnswer = LoginAnswer | { status: "accepted" };

export type Passkey = SigninPasskey;

export type InvitationInfo = SigninInvitation;

export type Handoff = SigninHandoff;

export type TotpEnrolment = SigninEnrol;

export type RecoveryCodes = SigninRecovery;

/** The start of a passkey ceremony: options for the browser and the id that the finish must name. */
export interface PasskeyCeremony<Options> {
  ceremony_id: string;
  options: { publicKey: Options };
}

export type LoginSession = SigninDevice;
