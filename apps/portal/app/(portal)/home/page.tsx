import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { pageSession } from "@workspace/auth/session";
import { currentOrganization } from "@workspace/org/request";
import { NextSteps } from "@/features/home/next-steps";
import { PatientHeader } from "@/features/home/patient-header";
import { NextVisit } from "@/features/visits/next-visit";

export default async function HomePage() {
  const [t, { me }, organization] = await Promise.all([
    getTranslations("home"),
    pageSession(),
    currentOrganization(),
  ]);
  if (!organization) notFound();
  return (
    <>
      <PatientHeader name={me.name} organization={organization} />
      <main id="main" className="flex flex-col gap-6 px-4 py-5 md:px-0">
        <section>
          <h2 className="mb-2">{t("next_visit")}</h2>
          <NextVisit />
        </section>
        <NextSteps protectedAccount={me.mfa.totp || me.mfa.passkeys > 0} />
      </main>
    </>
  );
}
