import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { NewPatientForm } from "@/features/patients/new-patient-form";

export default async function NewPatientPage() {
  await requirePage("patients.manage");
  const t = await getTranslations("patients");
  return (
    <Page title={t("add")} width="form">
      <NewPatientForm />
    </Page>
  );
}
