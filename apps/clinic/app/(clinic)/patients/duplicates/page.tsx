import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { DuplicateList } from "@/features/duplicates/duplicate-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("duplicates");
  return { title: t("page_title") };
}

export default async function DuplicatesPage({
  searchParams,
}: {
  searchParams: Promise<{ page?: string | string[] }>;
}) {
  await requirePage("patients.manage");
  const [t, { page }] = await Promise.all([getTranslations("duplicates"), searchParams]);
  const wanted = typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
  return (
    <Page title={t("page_title")}>
      <DuplicateList page={wanted} />
    </Page>
  );
}
