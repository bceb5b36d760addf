import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { AddDomain } from "@/features/domains/add-domain";
import { DomainList } from "@/features/domains/domain-list";

export default async function DomainsPage() {
  await requirePage("domains.manage");
  const t = await getTranslations("domains");
  return (
    <Page title={t("title")} description={t("text")} width="form" actions={<AddDomain />}>
      <DomainList />
    </Page>
  );
}
