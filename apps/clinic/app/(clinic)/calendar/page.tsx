import type { Metadata } from "next";
import { getLocale, getNow, getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { chooseLocale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Calendar } from "@/features/appointments/calendar";
import { calendarHref, daysOf, readQuery } from "@/features/appointments/calendar-model";
import { readAppointment, readCalendar } from "@/features/appointments/queries";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("appointments");
  return { title: t("calendar_title") };
}

export default async function CalendarPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const session = await requirePage("appointments.read");
  const [t, locale, now, organization, search] = await Promise.all([
    getTranslations("appointments"),
    getLocale(),
    getNow(),
    currentOrganization(),
    searchParams,
  ]);
  if (!organization) notFound();
  const zone = organization.timezone;
  const today = localOf(now.getTime(), zone).date;
  const query = readQuery(search, today);
  const days = daysOf(query.view, query.date);
  const [data, named] = await Promise.all([
    readCalendar({
      from: days[0] ?? query.date,
      to: days.at(-1) ?? query.date,
      zone,
      specialists: query.specialists,
      own: session.me.role === "specialist" ? session.me.id : null,
    }),
    query.visit ? readAppointment(query.visit) : null,
  ]);
  return (
    <div className="flex h-[calc(100dvh-3.5rem)] flex-col md:h-full">
      <header className="flex min-h-12 items-center border-b border-border bg-surface px-4">
        <h1 className="text-[15px]">{t("calendar_title")}</h1>
      </header>
      <main id="main" className="flex min-h-0 flex-1 flex-col">
        {data.ok ? (
          <Calendar
            key={calendarHref(query, "")}
            data={data.data}
            query={query}
            today={today}
            zone={zone}
            locale={chooseLocale({ cookie: locale, acceptLanguage: null })}
            named={named?.ok ? named.data : null}
          />
        ) : (
          <div className="p-5">
            <LoadError problem={data.problem} />
          </div>
        )}
      </main>
    </div>
  );
}
