import { getTranslations } from "next-intl/server";
import { AccountContent } from "@workspace/shell/account/account-content";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";

export default async function AccountPage() {
  await requirePage("platform.manage");
  const t = await getTranslations("shell");
  return (
    <Page title={t("account")} width="form">
      <AccountContent />
    </Page>
  );
}
