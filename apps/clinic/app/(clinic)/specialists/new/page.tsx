import { getTranslations } from "next-intl/server";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { readSpecialties } from "@/features/specialists/queries";
import { SpecialistForm } from "@/features/specialists/specialist-form";

export default async function NewSpecialistPage() {
  await requirePage("catalogue.manage");
  const [t, organization, specialties] = await Promise.all([
    getTranslations("specialists"),
    currentOrganization(),
    readSpecialties(),
  ]);
  return (
    <Page title={t("new_title")} width="form">
      {specialties.ok ? (
        <SpecialistForm
          person={null}
          etag=""
          specialties={specialties.data.filter(({ active }) => active)}
          zone={organization?.timezone ?? ""}
        />
      ) : (
        <LoadError problem={specialties.problem} />
      )}
    </Page>
  );
}
