import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { ClinicProfileForm } from "@/features/settings/profile-form";
import { readClinic } from "@/features/settings/queries";
import { profileValues } from "@/features/settings/values";

export default async function ProfilePage() {
  await requirePage("settings.manage");
  const [t, loaded] = await Promise.all([getTranslations("settings"), readClinic()]);
  return (
    <Page title={t("profile_title")} width="form">
      {loaded.ok ? (
        <ClinicProfileForm values={profileValues(loaded.data.clinic)} etag={loaded.data.etag} />
      ) : (
        <LoadError problem={loaded.problem} />
      )}
    </Page>
  );
}
