"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { Button } from "@workspace/ui/button";
import { cn } from "@workspace/ui/lib/cn";
import type { DaySlots } from "./slots";

export interface DayStripProps {
  days: DaySlots[];
  chosen: string;
  locale: Locale;
  onChoose: (date: string) => void;
  /** Absent at the first week. */
  onPrevious: (() => void) | undefined;
  onNext: () => void;
}

/** One week of days, each with its count of free times in words. */
export function DayStrip({ days, chosen, locale, onChoose, onPrevious, onNext }: DayStripProps) {
  const t = useTranslations("booking");
  const month = formatDay(days[0]?.date ?? chosen, locale, "monthYear");
  return (
    <section aria-label={t("days")}>
      <div className="mb-2 flex items-center justify-between gap-2">
        <h2>{month}</h2>
        <div className="flex gap-2">
          <Button
            variant="line"
            size="icon"
            aria-label={t("previous_week")}
            disabled={!onPrevious}
            onClick={onPrevious}
          >
            <ChevronLeft aria-hidden="true" />
          </Button>
          <Button variant="line" size="icon" aria-label={t("next_week")} onClick={onNext}>
            <ChevronRight aria-hidden="true" />
          </Button>
        </div>
      </div>
      <div className="-mx-4 overflow-x-auto px-4 pb-1 md:-mx-1 md:px-1">
        <ul className="grid min-w-max auto-cols-[minmax(64px,1fr)] grid-flow-col gap-1.5 py-1">
          {days.map(({ date, free }) => {
            const on = date === chosen;
            return (
              <li key={date}>
                <button
                  type="button"
                  aria-pressed={on}
                  aria-label={t("day_label", { day: formatDay(date, locale, "long"), count: free })}
                  onClick={() => onChoose(date)}
                  className={cn(
                    "flex w-full flex-col items-center gap-px rounded-md border border-transparent px-1 py-2 leading-tight hover:bg-hover",
                    on && "bg-brand text-brand-fg hover:bg-brand-hover",
                  )}
                >
                  <span className={cn("text-xs", on ? "text-brand-fg" : "text-muted")}>
                    {formatDay(date, locale, "weekday")}
                  </span>
                  <span
                    className={cn(
                      "text-[19px] font-semibold tabular-nums",
                      free === 0 && !on && "text-subtle",
                    )}
                  >
                    {Number(date.slice(8))}
                  </span>
                  <span
                    className={cn(
                      "text-xs whitespace-nowrap tabular-nums",
                      on ? "text-brand-fg" : "text-subtle",
                    )}
                  >
                    {free === 0 ? t("day_none") : t("day_free", { count: free })}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
