import { ExternalLink } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { platformEnv, schemeOf } from "@workspace/org/env";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { BreakGlassCard } from "@/features/break-glass/break-glass-card";
import { ArchiveCard } from "@/features/organizations/archive-card";
import { OrganizationDomains, OrganizationFacts } from "@/features/organizations/organization-facts";
import { readOrganization } from "@/features/organizations/queries";
import { StatusBadge } from "@/features/organizations/status-badge";

export default async function OrganizationPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePage("platform.manage");
  const [t, { id }] = await Promise.all([getTranslations("organizations"), params]);
  const loaded = await readOrganization(id);
  if (!loaded.ok) {
    return (
      <Page title={t("title")}>
        <LoadError problem={loaded.problem} />
      </Page>
    );
  }
  const { organization, etag } = loaded.data;
  const { clinicDomain } = platformEnv();
  return (
    <Page
      title={organization.name}
      mark={<StatusBadge status={organization.status} />}
      actions={
        <Button asChild variant="line">
          <a href={`${schemeOf(clinicDomain)}://${organization.slug}.${clinicDomain}/`}>
            <ExternalLink aria-hidden="true" />
            {t("open_clinic")}
          </a>
        </Button>
      }
    >
      <OrganizationFacts organization={organization} />
      <OrganizationDomains id={organization.id} />
      <BreakGlassCard organization={organization} />
      {organization.status === "archived" ? null : (
        <ArchiveCard organization={{ id: organization.id, name: organization.name }} etag={etag} />
      )}
    </Page>
  );
}
