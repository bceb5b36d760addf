import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { currentOrganization } from "@workspace/org/request";
import { getFormats } from "@workspace/shell/lib/formats";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { LicenceList } from "@/features/specialists/licence-list";
import { readIssuers, readLicences, readSpecialist, readStaff } from "@/features/specialists/queries";
import { SpecialistHeader } from "@/features/specialists/specialist-header";

export default async function LicencesPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePage("catalogue.manage");
  const { id } = await params;
  const [t, format, organization, person, licences, issuers, staff] = await Promise.all([
    getTranslations("specialists"),
    getFormats(),
    currentOrganization(),
    readSpecialist(id),
    readLicences(id),
    readIssuers(),
    readStaff(),
  ]);
  if (!organization || (!person.ok && person.problem.status === 404)) notFound();
  if (!person.ok)
    return (
      <Page title={t("licence.list")}>
        <LoadError problem={person.problem} />
      </Page>
    );
  const { specialist } = person.data;
  return (
    <Page
      title={
        <>
          <Link href="/specialists" className="font-regular text-muted no-underline hover:text-fg">
            {t("page_title")}
          </Link>
          <span aria-hidden="true" className="mx-2 font-regular text-muted">
            /
          </span>
          {t("licence.title", { name: specialist.name })}
        </>
      }
    >
      <SpecialistHeader person={specialist} tab="licences" mayManage />
      {!licences.ok ? (
        <LoadError problem={licences.problem} />
      ) : !issuers.ok ? (
        <LoadError problem={issuers.problem} />
      ) : (
        <LicenceList
          specialistId={id}
          licences={licences.data}
          issuers={issuers.data}
          staff={staff.ok ? staff.data : []}
          locale={format.locale}
          zone={organization.timezone}
        />
      )}
    </Page>
  );
}
