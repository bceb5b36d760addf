import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { ServiceTable } from "@/features/services/service-table";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("services");
  return { title: t("page_title") };
}

export default async function ServicesPage() {
  const session = await requirePage("catalogue.read");
  const t = await getTranslations("services");
  const mayManage = session.can("catalogue.manage");
  return (
    <Page
      title={t("page_title")}
      actions={
        mayManage ? (
          <Button asChild variant="primary">
            <Link href="/services/new">
              <Plus aria-hidden="true" />
              {t("add")}
            </Link>
          </Button>
        ) : null
      }
    >
      <ServiceTable mayManage={mayManage} />
    </Page>
  );
}
