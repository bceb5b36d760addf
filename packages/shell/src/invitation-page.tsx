import "server-only";
import { getTranslations } from "next-intl/server";
import { authPaths, type InvitationInfo } from "@workspace/api-client/auth-shapes";
import { ApiError } from "@workspace/api-client/problem";
import { load } from "@workspace/api-client/result";
import { corePublic } from "@workspace/auth/core";
import { AcceptForm } from "@workspace/auth/forms/accept-form";
import { getSession } from "@workspace/auth/session";
import { Note } from "@workspace/ui/note";
import { appName } from "@workspace/auth/app-name";
import { AuthLayout } from "./auth-layout";
import { LoadError } from "./load-error";
import { SignOutButton } from "./sign-out-button";

/** The e-mail of whoever is signed in; someone who is no member yet is still somebody, but the API does not say who. */
async function signedInAs(): Promise<string | null> {
  try {
    return (await getSession())?.me.email ?? null;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** Accepting an invitation: new account, existing account, wrong account, expired. */
export async function InvitationPage({ token }: { token: string }) {
  const t = await getTranslations("auth");
  const roles = await getTranslations("roles");
  const [invitation, current] = await Promise.all([
    load(async () => (await corePublic<InvitationInfo>({ path: authPaths.invitation(token) })).data),
    signedInAs(),
  ]);

  if (!invitation.ok) {
    const gone = invitation.problem.status === 410 || invitation.problem.status === 404;
    return (
      <AuthLayout title={t("invitation_gone_title")}>
        {gone ? (
          <Note tone="warn">{t("invitation_gone_text")}</Note>
        ) : (
          <LoadError problem={invitation.problem} />
        )}
      </AuthLayout>
    );
  }

  const { email, role, organization, account_exists: exists } = invitation.data;
  if (current && current.toLowerCase() !== email.toLowerCase()) {
    return (
      <AuthLayout title={t("invitation_wrong_title")}>
        <Note tone="warn">{t("invitation_wrong_text", { email, current })}</Note>
        <div className="mt-5">
          <SignOutButton>{t("switch_account")}</SignOutButton>
        </div>
      </AuthLayout>
    );
  }
  const signIn = `/sign-in?return=${encodeURIComponent(`/invitations/${token}`)}`;
  return (
    <AuthLayout
      title={t("invitation_title", { clinic: organization.name })}
      description={t("invitation_text", { role: roles.has(role) ? roles(role) : role })}
    >
      {exists && !current ? (
        <Note
          tone="info"
          actions={
            <a className="link font-medium" href={signIn}>
              {t("to_sign_in")}
            </a>
          }
        >
          {t("invitation_sign_in")}
        </Note>
      ) : (
        <AcceptForm
          token={token}
          email={email}
          signedIn={current !== null}
          destination={appName() === "portal" ? "/home" : "/"}
        />
      )}
    </AuthLayout>
  );
}
