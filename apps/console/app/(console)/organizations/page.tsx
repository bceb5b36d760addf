import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { NewOrganizationLink } from "@/features/organizations/new-organization-link";
import { OrganizationSearch } from "@/features/organizations/organization-search";
import { OrganizationTable } from "@/features/organizations/organization-table";

export default async function OrganizationsPage({
  searchParams,
}: {
  searchParams: Promise<{ page?: string | string[]; search?: string | string[] }>;
}) {
  await requirePage("platform.manage");
  const [t, { page, search }] = await Promise.all([getTranslations("organizations"), searchParams]);
  const wanted = typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
  const query = typeof search === "string" ? search.trim().slice(0, 200) : "";
  return (
    <Page title={t("title")} actions={<NewOrganizationLink />}>
      <OrganizationSearch query={query} />
      <OrganizationTable page={wanted} search={query} />
    </Page>
  );
}
