"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import { Note } from "@workspace/ui/note";
import { formatDateTime } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import type { ComingVisit } from "./wire";

const shown = 8;

/** Visits to come that need a look, each leading to the calendar; nothing without any. */
export function VisitsOutside({
  visits,
  zone,
  locale,
  title,
}: {
  visits: ComingVisit[];
  zone: string;
  locale: Locale;
  title: string;
}) {
  const t = useTranslations("specialists");
  if (visits.length === 0) return null;
  return (
    <Note tone="warn" title={title} role="status">
      <VisitLinks visits={visits} zone={zone} locale={locale} />
      {visits.length > shown ? (
        <p className="mt-1 text-muted">{t("more_visits", { count: visits.length - shown })}</p>
      ) : null}
    </Note>
  );
}

/** The list alone, for questions that say themselves what it is about. */
export function VisitLinks({
  visits,
  zone,
  locale,
}: {
  visits: ComingVisit[];
  zone: string;
  locale: Locale;
}) {
  return (
    <ul className="flex flex-col gap-0.5">
      {visits.slice(0, shown).map((visit) => (
        <li key={visit.id} className="flex gap-3 tabular-nums">
          <Link
            className="link"
            href={`/calendar?date=${localOf(visit.start, zone).date}&visit=${encodeURIComponent(visit.id)}`}
          >
            {formatDateTime(visit.start, locale, zone)}
          </Link>
          <span className="text-muted">{visit.reference}</span>
        </li>
      ))}
    </ul>
  );
}
