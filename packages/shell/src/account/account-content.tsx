import "server-only";
import { authPaths, type LoginSession, type Passkey } from "@workspace/api-client/auth-shapes";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import { driver } from "@workspace/auth/driver/server";
import { pageSession } from "@workspace/auth/session";
import { LoadError } from "../load-error";
import { PasskeyCard } from "./passkey-card";
import { PasswordCard } from "./password-card";
import { PreferencesCard } from "./preferences-card";
import { ProfileForm } from "./profile-form";
import { SessionsCard } from "./sessions-card";
import { TotpCard } from "./totp-card";

/** The person's own page, the same in all three apps. Passwords and factors exist only with the built-in driver. */
export async function AccountContent() {
  const { me } = await pageSession();
  const builtin = driver.name === "builtin";
  const [sessions, passkeys] = builtin
    ? await Promise.all([
        load(async () => (await coreRead<LoginSession[]>({ path: authPaths.loginSessions })).data),
        load(async () => (await coreRead<Passkey[]>({ path: authPaths.passkeys })).data),
      ])
    : [null, null];
  return (
    <>
      <ProfileForm name={me.name} email={me.email} />
      <PreferencesCard />
      {builtin ? (
        <>
          <PasswordCard email={me.email} />
          <TotpCard active={me.mfa.totp} />
          {passkeys ? (
            passkeys.ok ? (
              <PasskeyCard passkeys={passkeys.data} />
            ) : (
              <LoadError problem={passkeys.problem} />
            )
          ) : null}
        </>
      ) : null}
      {sessions ? (
        sessions.ok ? (
          <SessionsCard sessions={sessions.data} />
        ) : (
          <LoadError problem={sessions.problem} />
        )
      ) : null}
    </>
  );
}
