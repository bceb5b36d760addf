import { CircleCheck, Clock, Globe, MapPin, Phone, Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { pageSession } from "@workspace/auth/session";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Badge } from "@workspace/ui/badge";
import { Card } from "@workspace/ui/card";
import { countMembers, readClinic, readDomains } from "./queries";

function Fact({
  icon,
  label,
  children,
  mark,
}: {
  icon: ReactNode;
  label: string;
  children: ReactNode;
  mark?: ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1 border-r border-b border-border px-4 py-3 [&_dt_svg]:size-4 [&_dt_svg]:stroke-[1.75]">
      <dt className="flex items-center gap-2 text-muted">
        {icon}
        <span className="flex-1">{label}</span>
        {mark}
      </dt>
      <dd className="min-w-0 truncate text-lg font-semibold tabular-nums">{children}</dd>
    </div>
  );
}

/** What is true of the clinic now. Counts that only an administrator may read are left out for the others. */
export async function ClinicFacts() {
  const [t, format, session, clinic] = await Promise.all([
    getTranslations("dashboard"),
    getFormats(),
    pageSession(),
    readClinic(),
  ]);
  if (!clinic.ok) return <LoadError problem={clinic.problem} />;
  const admin = session.can("members.manage");
  const [members, domains] = admin ? await Promise.all([countMembers(), readDomains()]) : [null, null];
  const { phone, locality, timezone } = clinic.data;
  const verified = domains?.ok ? domains.data.filter(({ status }) => status === "verified") : [];
  return (
    <Card>
      <dl className="-mr-px grid md:grid-cols-2 xl:grid-cols-4">
        {members?.ok ? (
          <Fact icon={<Users aria-hidden="true" />} label={t("team")}>
            {t("team_count", { count: members.data })}
          </Fact>
        ) : null}
        {domains?.ok ? (
          <Fact
            icon={<Globe aria-hidden="true" />}
            label={t("domain")}
            mark={
              verified[0] ? (
                <Badge tone="success">
                  <CircleCheck aria-hidden="true" />
                  {t("verified")}
                </Badge>
              ) : domains.data[0] ? (
                <Badge tone="warn">
                  <Clock aria-hidden="true" />
                  {t("waits_txt")}
                </Badge>
              ) : null
            }
          >
            {verified[0]?.domain ?? domains.data[0]?.domain ?? (
              <span className="font-regular text-subtle">{t("no_domain")}</span>
            )}
          </Fact>
        ) : null}
        <Fact icon={<Phone aria-hidden="true" />} label={t("phone")}>
          {phone ?? <span className="font-regular text-subtle">{t("no_phone")}</span>}
        </Fact>
        <Fact icon={<MapPin aria-hidden="true" />} label={t("place")}>
          {locality ?? timezone.replace("_", " ")}
        </Fact>
      </dl>
      <p className="px-4 py-2 text-xs text-muted">
        {t("since", { date: format.date(clinic.data.created_at) })}
      </p>
    </Card>
  );
}
