import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { SpecialtyDialog } from "@/features/specialties/specialty-dialog";
import { SpecialtyList } from "@/features/specialties/specialty-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("specialties");
  return { title: t("page_title") };
}

export default async function SpecialtiesPage() {
  const session = await requirePage("catalogue.read");
  const t = await getTranslations("specialties");
  const mayManage = session.can("catalogue.manage");
  return (
    <Page
      title={t("page_title")}
      width="form"
      actions={
        mayManage ? (
          <SpecialtyDialog specialty={null}>
            <Button variant="primary">
              <Plus aria-hidden="true" />
              {t("add")}
            </Button>
          </SpecialtyDialog>
        ) : null
      }
    >
      <SpecialtyList mayManage={mayManage} />
    </Page>
  );
}
