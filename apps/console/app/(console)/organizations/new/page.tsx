import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { CreateWizard } from "@/features/organizations/create-wizard";

export default async function NewOrganizationPage() {
  await requirePage("platform.manage");
  const t = await getTranslations("organizations");
  return (
    <Page title={t("create_title")} description={t("create_text")} width="form">
      <CreateWizard />
    </Page>
  );
}
