import { Pencil } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@workspace/ui/tabs";
import { InviteButton } from "@/features/patients/invite-button";
import { PatientHead } from "@/features/patients/patient-head";
import { ProfileCard } from "@/features/patients/profile-card";
import { readPatient } from "@/features/patients/queries";
import { TimelineCard } from "@/features/patients/timeline-card";

export default async function PatientPage({ params }: { params: Promise<{ id: string }> }) {
  const session = await requirePage("patients.read");
  const { id } = await params;
  const [t, loaded] = await Promise.all([getTranslations("patients"), readPatient(id)]);
  if (!loaded.ok && (loaded.problem.status === 404 || loaded.problem.status === 422)) notFound();
  if (!loaded.ok)
    return (
      <Page title={t("title")}>
        <LoadError problem={loaded.problem} />
      </Page>
    );
  const { patient } = loaded.data;
  const mayManage = session.can("patients.manage");
  return (
    <Page
      title={`${patient.first_name} ${patient.last_name}`}
      actions={
        mayManage ? (
          <>
            {patient.account_state !== "active" && patient.email ? (
              <InviteButton id={id} again={patient.account_state === "invited"} />
            ) : null}
            <Button asChild variant="primary">
              <Link href={`/patients/${id}/edit`}>
                <Pencil aria-hidden="true" />
                {t("edit")}
              </Link>
            </Button>
          </>
        ) : null
      }
    >
      <PatientHead patient={patient} />
      <Tabs defaultValue="timeline">
        <TabsList aria-label={t("tabs")}>
          <TabsTrigger value="timeline">{t("tab_timeline")}</TabsTrigger>
          <TabsTrigger value="profile">{t("tab_profile")}</TabsTrigger>
        </TabsList>
        <TabsContent value="timeline">
          <TimelineCard id={id} withConsents={mayManage} />
        </TabsContent>
        <TabsContent value="profile" className="flex flex-col gap-4">
          <ProfileCard patient={patient} mayReveal={mayManage} />
        </TabsContent>
      </Tabs>
    </Page>
  );
}
