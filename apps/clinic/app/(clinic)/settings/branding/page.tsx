import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { BrandForm } from "@/features/settings/brand-form";
import { readClinic } from "@/features/settings/queries";
import { brandValues } from "@/features/settings/values";

export default async function BrandingPage() {
  await requirePage("settings.manage");
  const [t, loaded] = await Promise.all([getTranslations("settings"), readClinic()]);
  return (
    <Page title={t("brand_title")} width="form">
      {loaded.ok ? (
        <BrandForm
          name={loaded.data.clinic.name}
          values={brandValues(loaded.data.clinic)}
          etag={loaded.data.etag}
        />
      ) : (
        <LoadError problem={loaded.problem} />
      )}
    </Page>
  );
}
