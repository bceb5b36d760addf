import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { AccessKeyTable } from "@/features/keys/access-key-table";
import { CreateAccessKey } from "@/features/keys/create-access-key";

export default async function AccessKeysPage() {
  await requirePage("keys.manage");
  const t = await getTranslations("keys");
  return (
    <Page title={t("access_title")} description={t("access_text")} actions={<CreateAccessKey />}>
      <AccessKeyTable />
    </Page>
  );
}
