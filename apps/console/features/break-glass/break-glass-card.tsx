import { getNow, getTranslations } from "next-intl/server";
import type { Organization } from "@workspace/api-client/shapes";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { ActiveGrant } from "./active-grant";
import { OpenDialog } from "./open-dialog";
import { readGrants } from "./queries";

export async function BreakGlassCard({ organization }: { organization: Pick<Organization, "id" | "name"> }) {
  const [t, format, now, loaded] = await Promise.all([
    getTranslations("break_glass"),
    getFormats(),
    getNow(),
    readGrants(organization.id),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const active = loaded.data.find((grant) => !grant.ended_at && new Date(grant.expires_at) > now);
  const past = loaded.data.filter((grant) => grant !== active);
  return (
    <Card>
      <CardHeader
        title={t("title")}
        description={t("text")}
        actions={
          active ? null : <OpenDialog organization={{ id: organization.id, name: organization.name }} />
        }
      />
      {active ? (
        <CardBody>
          <ActiveGrant grant={active} now={now.getTime()} />
        </CardBody>
      ) : null}
      {loaded.data.length === 0 ? (
        <CardBody>
          <p className="font-medium">{t("none")}</p>
          <p className="text-muted">{t("none_text")}</p>
        </CardBody>
      ) : null}
      <ul>
        {past.map((grant) => (
          <li
            key={grant.id}
            className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t border-border px-4 py-2 first:border-t-0"
          >
            <span className="min-w-0 flex-1 basis-72">{grant.reason}</span>
            <span className="text-xs text-muted tabular-nums">
              {t("opened_at", { time: format.dateTime(grant.created_at) })} ·{" "}
              {t("ended", { time: format.relative(grant.ended_at ?? grant.expires_at) })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
