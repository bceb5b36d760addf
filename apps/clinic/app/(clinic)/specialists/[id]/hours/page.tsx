import { notFound } from "next/navigation";
import { getNow, getTranslations } from "next-intl/server";
import Link from "next/link";
import { localOf } from "@workspace/i18n/zoned";
import { currentOrganization } from "@workspace/org/request";
import { getFormats } from "@workspace/shell/lib/formats";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { HoursEditor } from "@/features/specialists/hours-editor";
import { monthOf, spanOf } from "@/features/specialists/month";
import { MonthCalendar } from "@/features/specialists/month-calendar";
import { readOverrides, readSpecialist, readWeek } from "@/features/specialists/queries";
import { SpecialistHeader } from "@/features/specialists/specialist-header";

export default async function HoursPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ month?: string | string[] }>;
}) {
  const session = await requirePage("catalogue.read");
  const [{ id }, search, t, format, now, organization] = await Promise.all([
    params,
    searchParams,
    getTranslations("specialists"),
    getFormats(),
    getNow(),
    currentOrganization(),
  ]);
  if (!organization) notFound();
  const today = localOf(now.getTime(), organization.timezone).date;
  const month = monthOf(search.month, today);
  const { from, to } = spanOf(month);
  const [person, week, overrides] = await Promise.all([
    readSpecialist(id),
    readWeek(id),
    readOverrides(id, from, to),
  ]);
  if (!person.ok && person.problem.status === 404) notFound();
  if (!person.ok)
    return (
      <Page title={t("hours")}>
        <LoadError problem={person.problem} />
      </Page>
    );
  const { specialist } = person.data;
  const manages = session.can("catalogue.manage");
  const mayEdit = manages || specialist.user_id === session.me.id;
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
          {t("hours_title", { name: specialist.name })}
        </>
      }
    >
      <SpecialistHeader person={specialist} tab="hours" mayManage={manages} />
      {week.ok ? (
        <HoursEditor
          id={id}
          week={week.data}
          zone={organization.timezone}
          locale={format.locale}
          mayEdit={mayEdit}
        />
      ) : (
        <LoadError problem={week.problem} />
      )}
      {overrides.ok ? (
        <MonthCalendar
          id={id}
          month={month}
          overrides={overrides.data}
          today={today}
          locale={format.locale}
          mayEdit={mayEdit}
        />
      ) : (
        <LoadError problem={overrides.problem} />
      )}
    </Page>
  );
}
