import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { readChoices } from "@/features/services/queries";
import { ServiceForm } from "@/features/services/service-form";

export default async function NewServicePage() {
  await requirePage("catalogue.manage");
  const [t, choices] = await Promise.all([getTranslations("services"), readChoices()]);
  return (
    <Page title={t("new_title")} width="form">
      {choices.ok ? (
        <ServiceForm service={null} etag="" specialties={choices.data.specialties} />
      ) : (
        <LoadError problem={choices.problem} />
      )}
    </Page>
  );
}
