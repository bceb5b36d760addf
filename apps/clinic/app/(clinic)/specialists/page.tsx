import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { ListFilters } from "@/features/specialists/list-filters";
import { listQuery } from "@/features/specialists/list-query";
import { readSpecialties } from "@/features/specialists/queries";
import { SpecialistTable } from "@/features/specialists/specialist-table";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("specialists");
  return { title: t("page_title") };
}

export default async function SpecialistsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const session = await requirePage("catalogue.read");
  const [t, search, loaded] = await Promise.all([
    getTranslations("specialists"),
    searchParams,
    readSpecialties(),
  ]);
  const mayManage = session.can("catalogue.manage");
  const query = listQuery(search);
  const specialties = loaded.ok ? loaded.data : [];
  return (
    <Page
      title={t("page_title")}
      actions={
        mayManage ? (
          <Button asChild variant="primary">
            <Link href="/specialists/new">
              <Plus aria-hidden="true" />
              {t("add")}
            </Link>
          </Button>
        ) : null
      }
    >
      <ListFilters key={JSON.stringify(query)} query={query} specialties={specialties} />
      <SpecialistTable query={query} specialties={specialties} mayManage={mayManage} />
    </Page>
  );
}
