"use client";

import { ChevronLeft, ChevronRight, Users } from "lucide-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Button } from "@workspace/ui/button";
import { cn } from "@workspace/ui/lib/cn";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@workspace/ui/dropdown-menu";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { calendarHref, calendarViews, daysOf, stepDate, type CalendarQuery } from "./calendar-model";
import type { CalendarSpecialist } from "./wire";

export interface CalendarToolbarProps {
  query: CalendarQuery;
  today: string;
  locale: Locale;
  everybody: CalendarSpecialist[];
  shown: CalendarSpecialist[];
  /** Visits shown, and those of them to call. */
  counts: { visits: number; booked: number };
  onGo: (query: CalendarQuery) => void;
}

function periodText(query: CalendarQuery, locale: Locale): string {
  if (query.view === "day") return formatDay(query.date, locale, "full");
  const days = daysOf("week", query.date);
  return `${formatDay(days[0] ?? query.date, locale, "plain")} – ${formatDay(days[6] ?? query.date, locale, "plain")} ${query.date.slice(0, 4)}`;
}

/** Today, back and forward, the period in words, the view, whose visits. All of it is in the address. */
export function CalendarToolbar({
  query,
  today,
  locale,
  everybody,
  shown,
  counts,
  onGo,
}: CalendarToolbarProps) {
  const t = useTranslations("appointments");
  const all = shown.length === everybody.length;
  const toggle = (id: string) => {
    const ids = shown.map((person) => person.id);
    const next = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
    onGo({ ...query, specialists: next.length === everybody.length ? [] : next });
  };
  const step = (direction: 1 | -1) => onGo({ ...query, date: stepDate(query.view, query.date, direction) });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-border bg-surface px-4 py-2">
      <Button
        variant="line"
        aria-keyshortcuts="t"
        onClick={() => onGo({ ...query, date: today })}
        aria-current={query.date === today ? "date" : undefined}
      >
        {t("today")}
        <kbd className="rounded-xs border border-border px-1 font-sans text-2xs text-subtle max-md:hidden">
          T
        </kbd>
      </Button>
      <div className="flex">
        <Button variant="quiet" size="icon" aria-label={t(`previous.${query.view}`)} onClick={() => step(-1)}>
          <ChevronLeft aria-hidden="true" />
        </Button>
        <Button variant="quiet" size="icon" aria-label={t(`next.${query.view}`)} onClick={() => step(1)}>
          <ChevronRight aria-hidden="true" />
        </Button>
      </div>
      <h2 aria-live="polite" className="text-[15px] tabular-nums">
        {periodText(query, locale)}
      </h2>
      <p className="text-muted tabular-nums">
        {t("visit_count", { count: counts.visits })}
        {counts.booked > 0 ? `, ${t("to_call", { count: counts.booked })}` : ""}
      </p>
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <div
          role="group"
          aria-label={t("view")}
          className="flex overflow-hidden rounded-sm border border-border"
        >
          {calendarViews.map((view) => (
            <Link
              key={view}
              href={calendarHref({ ...query, view, visit: null }, today)}
              aria-current={query.view === view ? "true" : undefined}
              className={cn(
                "grid min-h-[max(var(--target),30px)] place-items-center border-r border-border px-2.5 font-medium text-muted no-underline last:border-r-0 hover:bg-hover",
                query.view === view && "bg-brand-soft text-brand-text hover:bg-brand-soft",
              )}
            >
              {t(`views.${view}`)}
            </Link>
          ))}
        </div>
        {everybody.length > 1 ? (
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="line">
                <Users aria-hidden="true" />
                {all ? t("all_specialists") : t("some_specialists", { count: shown.length })}
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end" className="w-64">
              {everybody.map((person) => (
                <DropdownMenuCheckboxItem
                  key={person.id}
                  checked={shown.some(({ id }) => id === person.id)}
                  onSelect={(event) => event.preventDefault()}
                  onCheckedChange={() => toggle(person.id)}
                >
                  <span className="truncate">{person.name}</span>
                </DropdownMenuCheckboxItem>
              ))}
              {all ? null : (
                <>
                  <DropdownMenuSeparator />
                  <DropdownMenuItem onSelect={() => onGo({ ...query, specialists: [] })}>
                    {t("show_all")}
                  </DropdownMenuItem>
                </>
              )}
            </DropdownMenuContent>
          </DropdownMenu>
        ) : null}
      </div>
    </div>
  );
}
