import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { SpecialistTable } from "@/features/specialists/specialist-table";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("specialists");
  return { title: t("page_title") };
}

export default async function SpecialistsPage() {
  const session = await requirePage("catalogue.read");
  const t = await getTranslations("specialists");
  const mayManage = session.can("catalogue.manage");
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
      <SpecialistTable mayManage={mayManage} />
    </Page>
  );
}
