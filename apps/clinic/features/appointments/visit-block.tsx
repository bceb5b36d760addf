"use client";

import { useTranslations } from "next-intl";
import { cn } from "@workspace/ui/lib/cn";
import { VisitIcon } from "@workspace/ui/visit-state";
import { formatTime } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import type { CSSProperties } from "react";
import type { CalendarEvent } from "./calendar-model";
import { personOf } from "./wire";

export interface VisitBlockProps {
  event: CalendarEvent;
  style: CSSProperties;
  zone: string;
  locale: Locale;
  /** The one block of the grid that Tab reaches. */
  focusable: boolean;
  open: boolean;
  /** In the week view the specialist stands where the day view has the service. */
  named: boolean;
  /** Too little room for the time; the grid says it. */
  narrow: boolean;
  onOpen: () => void;
  onFocus: () => void;
}

/** One visit in the grid: state by icon, edge and word, the name, the time at the right edge. */
export function VisitBlock({
  event,
  style,
  zone,
  locale,
  focusable,
  open,
  named,
  narrow,
  onOpen,
  onFocus,
}: VisitBlockProps) {
  const t = useTranslations("appointments");
  const states = useTranslations("appointments.state");
  const { visit } = event;
  const name = personOf(visit) ?? t("no_name");
  const time = formatTime(visit.start, locale, zone);
  const second = named ? visit.specialist_name : (visit.service_name ?? t("visit"));
  const low = event.end - event.start < 25;
  return (
    <button
      type="button"
      data-visit={visit.status}
      data-event={visit.id}
      tabIndex={focusable ? 0 : -1}
      aria-label={`${time}, ${name}, ${states(visit.status)}, ${second}`}
      aria-haspopup="dialog"
      aria-expanded={open}
      onClick={onOpen}
      onFocus={onFocus}
      style={style}
      title={`${name}, ${second}`}
      className={cn(
        "visit-look absolute z-[2] flex overflow-hidden rounded-xs px-2 pl-2.5 text-left text-[12px] leading-[14px]",
        "before:absolute before:inset-y-0 before:left-0 before:w-1 before:bg-(--visit-bar) data-[visit=cancelled]:before:hidden",
        "hover:z-[4] hover:brightness-[0.97] focus-visible:z-[5] dark:hover:brightness-110",
        open && "z-[5] shadow-(--focus-ring)",
        low ? "items-center gap-2 py-0" : "flex-col justify-start gap-px py-1",
      )}
    >
      <span className={cn("flex w-full min-w-0 items-center gap-1", low && "flex-1")}>
        <VisitIcon status={visit.status} />
        <span
          className={cn(
            "min-w-0 flex-1 truncate font-semibold",
            visit.status === "cancelled" && "line-through",
          )}
        >
          {name}
        </span>
        {narrow ? null : <span className="shrink-0 text-2xs tabular-nums">{time}</span>}
      </span>
      {low ? null : <span className="w-full truncate text-2xs">{second}</span>}
    </button>
  );
}
