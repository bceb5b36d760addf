import { getTranslations } from "next-intl/server";
import { AccountContent } from "@workspace/shell/account/account-content";
import { Page } from "@workspace/shell/page";

export default async function AccountPage() {
  const t = await getTranslations("shell");
  return (
    <Page title={t("account")} width="form">
      <AccountContent />
    </Page>
  );
}
