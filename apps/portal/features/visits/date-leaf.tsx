import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";

/** The day as a leaf of a calendar: month, day, weekday. Read as one date. */
export function DateLeaf({ date, locale }: { date: string; locale: Locale }) {
  return (
    <time
      dateTime={date}
      aria-label={formatDay(date, locale, "full")}
      className="flex w-15 shrink-0 flex-col overflow-hidden rounded-md border border-border text-center leading-tight"
    >
      <span className="bg-brand py-0.5 text-xs text-brand-fg">{formatDay(date, locale, "month")}</span>
      <span className="pt-1 text-[1.625rem] leading-none font-semibold">{Number(date.slice(8))}</span>
      <span className="pb-1.5 text-xs text-muted">{formatDay(date, locale, "weekdayLong")}</span>
    </time>
  );
}
