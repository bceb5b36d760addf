import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { currentOrganization } from "@workspace/org/request";
import { getFormats } from "@workspace/shell/lib/formats";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { PictureCard } from "@/features/files/picture-card";
import { setPicture } from "@/features/specialists/actions";
import { LoginLink } from "@/features/specialists/login-link";
import { OfferedServices } from "@/features/specialists/offered-services";
import { readSpecialist, readSpecialties, readStaff } from "@/features/specialists/queries";
import { SpecialistFacts } from "@/features/specialists/specialist-facts";
import { SpecialistForm } from "@/features/specialists/specialist-form";
import { SpecialistHeader } from "@/features/specialists/specialist-header";

export default async function SpecialistPage({ params }: { params: Promise<{ id: string }> }) {
  const session = await requirePage("catalogue.read");
  const { id } = await params;
  const mayManage = session.can("catalogue.manage");
  const [t, format, organization, loaded, specialties, staff] = await Promise.all([
    getTranslations("specialists"),
    getFormats(),
    currentOrganization(),
    readSpecialist(id),
    readSpecialties(),
    mayManage ? readStaff() : null,
  ]);
  if (!loaded.ok && loaded.problem.status === 404) notFound();
  const problem = !loaded.ok ? loaded.problem : specialties.ok ? null : specialties.problem;
  if (!loaded.ok || !specialties.ok)
    return <Page title={t("page_title")}>{problem ? <LoadError problem={problem} /> : null}</Page>;
  const { specialist, etag } = loaded.data;
  const avatar = specialist.avatar_file_id;
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
          {specialist.name}
        </>
      }
    >
      <SpecialistHeader person={specialist} tab="profile" mayManage={mayManage} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(22rem,30rem)]">
        {mayManage ? (
          <SpecialistForm
            person={specialist}
            etag={etag}
            specialties={specialties.data.filter(
              ({ id: each, active }) => active || specialist.specialty_ids.includes(each),
            )}
            zone={organization?.timezone ?? ""}
            locale={format.locale}
          />
        ) : (
          <SpecialistFacts person={specialist} specialties={specialties.data} />
        )}
        <div className="flex flex-col gap-4">
          {mayManage ? (
            <PictureCard
              kind="avatar"
              src={avatar ? `/api/core/v1/public/files/${avatar}` : null}
              alt={specialist.name}
              save={setPicture.bind(null, id, "avatar", etag)}
            />
          ) : null}
          <OfferedServices id={id} mayManage={mayManage} />
          {staff ? (
            staff.ok ? (
              <LoginLink person={specialist} etag={etag} staff={staff.data} />
            ) : (
              <LoadError problem={staff.problem} />
            )
          ) : null}
        </div>
      </div>
    </Page>
  );
}
