import { CalendarPlus, ChevronRight } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { VisitBadge } from "@workspace/shell/visit-badge";
import { formatDay, formatTime } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { Button } from "@workspace/ui/button";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { readVisits } from "./queries";
import type { Visit } from "./wire";

function Row({ visit, locale, fallback }: { visit: Visit; locale: Locale; fallback: string }) {
  const { date } = localOf(visit.start, visit.timezone);
  return (
    <li className="border-b border-border last:border-b-0">
      <Link
        href={`/appointments/${visit.id}`}
        className="flex min-h-16 items-center gap-3 px-4 py-3 text-fg no-underline hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="block font-semibold tabular-nums">
            {formatDay(date, locale, "full")}, {formatTime(visit.start, locale, visit.timezone)}
          </span>
          <span className="block text-muted">
            {visit.service_name ?? fallback}, {visit.specialist_name}
          </span>
          <span className="mt-1 block">
            <VisitBadge status={visit.status} />
          </span>
        </span>
        <ChevronRight aria-hidden="true" strokeWidth={1.75} className="size-5 shrink-0 text-muted" />
      </Link>
    </li>
  );
}

/** Visits to come, then those that are over. */
export async function VisitList() {
  const [t, { locale }, loaded] = await Promise.all([getTranslations("visits"), getFormats(), readVisits()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const { coming, past } = loaded.data;
  const book = (
    <Button asChild variant="primary">
      <a href="/book">
        <CalendarPlus aria-hidden="true" />
        {t("book")}
      </a>
    </Button>
  );
  const groups = [
    { title: t("coming"), visits: coming },
    { title: t("past"), visits: past },
  ].filter(({ visits }) => visits.length > 0);
  if (groups.length === 0) {
    return (
      <Card>
        <EmptyState className="px-4 py-5" title={t("none")} action={book}>
          {t("none_text")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      {groups.map(({ title, visits }) => (
        <section key={title}>
          <h2 className="mb-2">{title}</h2>
          <Card>
            <ul>
              {visits.map((visit) => (
                <Row key={visit.id} visit={visit} locale={locale} fallback={t("visit")} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
      <div>{book}</div>
    </>
  );
}
