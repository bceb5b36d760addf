import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { OffersEditor } from "@/features/services/offers-editor";
import { readChoices, readService } from "@/features/services/queries";
import { ServiceForm } from "@/features/services/service-form";

export default async function ServicePage({ params }: { params: Promise<{ id: string }> }) {
  await requirePage("catalogue.manage");
  const { id } = await params;
  const [t, loaded, choices] = await Promise.all([
    getTranslations("services"),
    readService(id),
    readChoices(),
  ]);
  if (!loaded.ok && loaded.problem.status === 404) notFound();
  return (
    <Page title={loaded.ok ? loaded.data.service.name : t("page_title")} width="form">
      {!loaded.ok ? (
        <LoadError problem={loaded.problem} />
      ) : !choices.ok ? (
        <LoadError problem={choices.problem} />
      ) : (
        <>
          <OffersEditor service={loaded.data.service} specialists={choices.data.specialists} />
          <ServiceForm
            service={loaded.data.service}
            etag={loaded.data.etag}
            specialties={choices.data.specialties}
          />
        </>
      )}
    </Page>
  );
}
