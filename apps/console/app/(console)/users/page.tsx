import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { UserSearch } from "@/features/users/user-search";
import { UserTable } from "@/features/users/user-table";

export default async function UsersPage({
  searchParams,
}: {
  searchParams: Promise<{ search?: string | string[] }>;
}) {
  await requirePage("platform.manage");
  const [t, { search }] = await Promise.all([getTranslations("users"), searchParams]);
  const query = typeof search === "string" ? search.trim().slice(0, 200) : "";
  return (
    <Page title={t("title")}>
      <UserSearch query={query} />
      <UserTable query={query} />
    </Page>
  );
}
