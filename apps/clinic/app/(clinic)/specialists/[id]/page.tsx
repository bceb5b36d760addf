import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { readSpecialist, readSpecialties } from "@/features/specialists/queries";
import { SpecialistForm } from "@/features/specialists/specialist-form";

export default async function SpecialistPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePage("catalogue.manage");
  const { id } = await params;
  const [t, organization, loaded, specialties] = await Promise.all([
    getTranslations("specialists"),
    currentOrganization(),
    readSpecialist(id),
    readSpecialties(),
  ]);
  if (!loaded.ok && loaded.problem.status === 404) notFound();
  if (!loaded.ok || !specialties.ok) {
    const problem = loaded.ok ? null : loaded.problem;
    return (
      <Page title={t("page_title")} width="form">
        <LoadError
          problem={
            problem ??
            (specialties.ok ? { status: 0, code: "unknown", requestId: undefined } : specialties.problem)
          }
        />
      </Page>
    );
  }
  const { specialist, etag } = loaded.data;
  return (
    <Page
      title={specialist.name}
      width="form"
      actions={
        <Button asChild variant="line">
          <Link href={`/specialists/${id}/hours`}>{t("hours")}</Link>
        </Button>
      }
    >
      <SpecialistForm
        person={specialist}
        etag={etag}
        specialties={specialties.data.filter(
          ({ id: each, active }) => active || specialist.specialty_ids.includes(each),
        )}
        zone={organization?.timezone ?? ""}
      />
    </Page>
  );
}
