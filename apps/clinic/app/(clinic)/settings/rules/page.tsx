import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { readClinic } from "@/features/settings/queries";
import { RulesForm } from "@/features/settings/rules-form";
import { rulesValues } from "@/features/settings/values";

export default async function RulesPage() {
  await requirePage("settings.manage");
  const [t, loaded] = await Promise.all([getTranslations("settings"), readClinic()]);
  const settings = loaded.ok ? (loaded.data.clinic.settings ?? null) : null;
  return (
    <Page title={t("rules_title")} width="form">
      {loaded.ok ? (
        settings && <RulesForm values={rulesValues(settings)} etag={loaded.data.etag} />
      ) : (
        <LoadError problem={loaded.problem} />
      )}
    </Page>
  );
}
