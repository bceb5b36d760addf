import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { NewOrganizationLink } from "@/features/organizations/new-organization-link";
import { OrganizationTable } from "@/features/organizations/organization-table";

export default async function OrganizationsPage({ searchParams }: { searchParams: Promise<{ page?: string | string[] }> }) {
  await requirePage("platform.manage");
  const [t, { page }] = await Promise.all([getTranslations("organizations"), searchParams]);
  const wanted = typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
  return (
    <Page title={t("title")} actions={<NewOrganizationLink />}>
      <OrganizationTable page={wanted} />
    </Page>
  );
}
