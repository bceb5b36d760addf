import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { IntegrationList } from "@/features/keys/integration-list";

export default async function IntegrationsPage() {
  await requirePage("keys.manage");
  const t = await getTranslations("keys");
  return (
    <Page title={t("integrations_title")} description={t("integrations_text")} width="form">
      <IntegrationList />
    </Page>
  );
}
