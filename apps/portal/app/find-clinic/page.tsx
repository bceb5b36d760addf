import { getTranslations } from "next-intl/server";
import { platformEnv, schemeOf } from "@workspace/org/env";
import { FindClinicForm } from "@workspace/shell/find-clinic-form";
import { PlainPage } from "@workspace/shell/plain-page";

/** The platform's own address: asks for the clinic and goes there. */
export default async function FindClinicPage() {
  const t = await getTranslations("shell");
  const domain = platformEnv().portalDomain;
  return (
    <PlainPage
      title={t("find_title_patient")}
      action={<FindClinicForm domain={domain} scheme={schemeOf(domain)} />}
    >
      {t("find_text")}
    </PlainPage>
  );
}
