import { Phone } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { pageSession } from "@workspace/auth/session";
import { currentOrganization } from "@workspace/org/request";
import { Button } from "@workspace/ui/button";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { NextSteps } from "@/features/home/next-steps";
import { PatientHeader } from "@/features/home/patient-header";

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
          <Card>
            <EmptyState
              className="px-4 py-5"
              title={t("no_visit")}
              action={
                organization.phone ? (
                  <Button asChild variant="primary">
                    <a href={`tel:${organization.phone.replace(/[^\d+]/g, "")}`}>
                      <Phone aria-hidden="true" />
                      {t("call", { phone: organization.phone })}
                    </a>
                  </Button>
                ) : null
              }
            >
              {t("no_visit_text")}
            </EmptyState>
          </Card>
        </section>
        <NextSteps protectedAccount={me.mfa.totp || me.mfa.passkeys > 0} />
      </main>
    </>
  );
}
