import { CircleCheck, CircleX, Clock } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { Organization } from "@workspace/api-client/shapes";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Badge } from "@workspace/ui/badge";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { readDomains } from "./queries";

export async function OrganizationFacts({ organization }: { organization: Organization }) {
  const [t, format] = await Promise.all([getTranslations("organizations"), getFormats()]);
  const facts: [string, string][] = [
    [t("slug"), organization.slug],
    [t("language"), organization.language_code],
    [t("timezone"), organization.timezone],
    [t("created"), format.date(organization.created_at)],
  ];
  return (
    <Card>
      <CardHeader title={t("facts")} />
      <CardBody>
        <dl className="grid gap-x-6 gap-y-3 md:grid-cols-2 lg:grid-cols-4">
          {facts.map(([label, value]) => (
            <div key={label} className="min-w-0">
              <dt className="text-xs text-muted">{label}</dt>
              <dd className="truncate font-medium tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}

const looks = {
  pending: { tone: "warn", icon: <Clock aria-hidden="true" /> },
  verified: { tone: "success", icon: <CircleCheck aria-hidden="true" /> },
  failed: { tone: "danger", icon: <CircleX aria-hidden="true" /> },
} as const;

export async function OrganizationDomains({ id }: { id: string }) {
  const [t, loaded] = await Promise.all([getTranslations("organizations"), readDomains(id)]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      <CardHeader title={t("domains")} mark={loaded.data.length || null} />
      {loaded.data.length === 0 ? (
        <EmptyState title={t("no_domains")} className="py-5">
          {t("no_domains_text")}
        </EmptyState>
      ) : (
        <ul>
          {loaded.data.map((domain) => (
            <li
              key={domain.id}
              className="flex min-h-(--row-h) flex-wrap items-center gap-3 border-b border-border px-4 py-1.5 last:border-b-0"
            >
              <span className="font-medium">{domain.domain}</span>
              <span className="text-muted">{t(`domain_app.${domain.app}`)}</span>
              <Badge tone={looks[domain.status].tone} className="ml-auto">
                {looks[domain.status].icon}
                {t(`domain_state.${domain.status}`)}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
