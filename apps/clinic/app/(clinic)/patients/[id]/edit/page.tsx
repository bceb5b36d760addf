import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { PatientForm } from "@/features/patients/patient-form";
import { readPatient } from "@/features/patients/queries";

export default async function EditPatientPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePage("patients.manage");
  const { id } = await params;
  const [t, loaded] = await Promise.all([getTranslations("patients"), readPatient(id)]);
  if (!loaded.ok && (loaded.problem.status === 404 || loaded.problem.status === 422)) notFound();
  return (
    <Page
      title={loaded.ok ? `${loaded.data.patient.first_name} ${loaded.data.patient.last_name}` : t("title")}
      width="form"
    >
      {loaded.ok ? (
        <PatientForm patient={loaded.data.patient} etag={loaded.data.etag} />
      ) : (
        <LoadError problem={loaded.problem} />
      )}
    </Page>
  );
}
