import { notFound } from "next/navigation";
import { getLocale, getNow, getTranslations } from "next-intl/server";
import Link from "next/link";
import { chooseLocale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { HoursEditor } from "@/features/specialists/hours-editor";
import { OverrideList } from "@/features/specialists/override-list";
import { readHours, readSpecialist } from "@/features/specialists/queries";

export default async function HoursPage({ params }: { params: Promise<{ id: string }> }) {
  const session = await requirePage("catalogue.read");
  const [{ id }, t, current, now, organization] = await Promise.all([
    params,
    getTranslations("specialists"),
    getLocale(),
    getNow(),
    currentOrganization(),
  ]);
  if (!organization) notFound();
  const today = localOf(now.getTime(), organization.timezone).date;
  const [person, hours] = await Promise.all([readSpecialist(id), readHours(id, today)]);
  if (!person.ok && person.problem.status === 404) notFound();
  const locale = chooseLocale({ cookie: current, acceptLanguage: null });
  const manages = session.can("catalogue.manage");
  const mayEdit = manages || (person.ok && person.data.specialist.user_id === session.me.id);
  return (
    <Page
      title={person.ok ? t("hours_title", { name: person.data.specialist.name }) : t("hours")}
      actions={
        manages ? (
          <Button asChild variant="line">
            <Link href={`/specialists/${id}`}>{t("profile")}</Link>
          </Button>
        ) : null
      }
    >
      {!person.ok ? (
        <LoadError problem={person.problem} />
      ) : !hours.ok ? (
        <LoadError problem={hours.problem} />
      ) : (
        <>
          <HoursEditor id={id} week={hours.data.week} locale={locale} mayEdit={mayEdit} />
          <OverrideList
            id={id}
            overrides={hours.data.overrides}
            today={today}
            locale={locale}
            mayEdit={mayEdit}
          />
        </>
      )}
    </Page>
  );
}
