import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { InvitationRow } from "./invitation-row";
import { readInvitations } from "./queries";

export async function InvitationList() {
  const [t, roles, format, loaded] = await Promise.all([
    getTranslations("members"),
    getTranslations("roles"),
    getFormats(),
    readInvitations(),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      <CardHeader title={t("invitations")} mark={format.number(loaded.data.length)} />
      {loaded.data.length === 0 ? (
        <EmptyState title={t("no_invitations")}>{t("no_invitations_text")}</EmptyState>
      ) : (
        <ul>
          {loaded.data.map((invitation) => (
            <InvitationRow
              key={invitation.id}
              id={invitation.id}
              email={invitation.email}
              role={roles(invitation.role)}
              expired={invitation.status === "expired"}
              facts={t("invitation_facts", {
                sent: format.dateTime(invitation.created_at),
                until: format.date(invitation.expires_at),
              })}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}
