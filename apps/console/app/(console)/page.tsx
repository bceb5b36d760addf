import { Lock } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { getFormats } from "@workspace/shell/lib/formats";
import { Page } from "@workspace/shell/page";
import { RefreshButton } from "@workspace/shell/refresh-button";
import { Badge } from "@workspace/ui/badge";
import { HealthTiles } from "@/features/health/health-tiles";
import { NewOrganizationLink } from "@/features/organizations/new-organization-link";
import { OrganizationTable } from "@/features/organizations/organization-table";

export default async function StatusPage() {
  await requirePage("platform.manage");
  const [t, format] = await Promise.all([getTranslations("health"), getFormats()]);
  return (
    <Page
      title={t("title")}
      mark={
        <Badge>
          <Lock aria-hidden="true" />
          {t("no_clinical")}
        </Badge>
      }
      actions={<RefreshButton label={t("checked", { time: format.time })} />}
    >
      <HealthTiles />
      <OrganizationTable page={1} actions={<NewOrganizationLink />} />
    </Page>
  );
}
