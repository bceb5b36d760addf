import { getTranslations } from "next-intl/server";
import { driver } from "@workspace/auth/driver/server";
import { platformEnv } from "@workspace/org/env";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Card, CardHeader } from "@workspace/ui/card";
import { readPlatform } from "@/features/settings/queries";

export default async function SettingsPage() {
  await requirePage("platform.manage");
  const [t, platform] = await Promise.all([getTranslations("settings"), readPlatform()]);
  const env = platformEnv();
  const rows: [string, string][] = [
    [t("auth"), t(`auth_name.${driver.name}`)],
    [t("issuer"), platform.issuer ?? t("issuer_unknown")],
    [t("api"), env.coreApiUrl],
    [t("version"), platform.version ?? t("issuer_unknown")],
    [t("clinic_domain"), env.clinicDomain],
    [t("portal_domain"), env.portalDomain],
  ];
  return (
    <Page title={t("title")} width="form">
      <Card>
        <CardHeader title={t("drivers")} description={t("drivers_text")} />
        <dl>
          {rows.map(([label, value]) => (
            <div
              key={label}
              className="grid min-h-(--row-h) items-center gap-x-4 border-b border-border px-4 py-1.5 last:border-b-0 md:grid-cols-[240px_1fr]"
            >
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0 break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </Page>
  );
}
