"use client";

import type { KeyboardEvent, MouseEvent } from "react";
import { useTranslations } from "next-intl";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { cn } from "@workspace/ui/lib/cn";
import { KindMark } from "./kind-mark";
import { kindOf } from "./month";
import type { ClockRange, DateOverride } from "./wire";

export const rangesText = (ranges: readonly ClockRange[]) =>
  ranges.map(({ start, end }) => `${start}–${end}`).join(", ");

export interface MonthDayProps {
  date: string;
  /** Of the month that is shown, not of a neighbour. */
  inside: boolean;
  today: string;
  selected: boolean;
  /** The one day of the month that Tab reaches. */
  focusable: boolean;
  overrides: DateOverride[];
  locale: Locale;
  onChoose: (event: MouseEvent) => void;
  onKey: (event: KeyboardEvent) => void;
}

/** A day of the month: its number, and what differs, as an icon and, where there is room, in words. */
export function MonthDay({
  date,
  inside,
  today,
  selected,
  focusable,
  overrides,
  locale,
  onChoose,
  onKey,
}: MonthDayProps) {
  const t = useTranslations("specialists");
  const words = overrides.map((each) =>
    [t(`kind.${kindOf(each)}`), rangesText(each.ranges), each.reason].filter(Boolean).join(" "),
  );
  return (
    <button
      type="button"
      data-date={date}
      tabIndex={focusable ? 0 : -1}
      aria-pressed={selected}
      aria-current={date === today ? "date" : undefined}
      aria-label={[formatDay(date, locale, "full"), ...words].join(". ")}
      onClick={onChoose}
      onKeyDown={onKey}
      className={cn(
        "flex min-h-14 w-full min-w-0 flex-col items-stretch gap-1 p-1 text-left align-top outline-none md:min-h-[5.5rem] md:p-1.5",
        "focus-visible:relative focus-visible:z-10 focus-visible:shadow-(--focus-ring)",
        inside ? "bg-surface" : "bg-sunken",
        date < today && "text-muted",
        selected ? "bg-brand-soft shadow-[inset_0_0_0_2px_var(--brand)]" : "hover:bg-hover",
      )}
    >
      <span
        className={cn(
          "grid size-6 place-items-center self-start rounded-full text-xs tabular-nums max-md:self-center",
          date === today && "bg-brand font-semibold text-brand-fg",
          !inside && date !== today && "text-subtle",
        )}
      >
        {Number(date.slice(8))}
      </span>
      {overrides.map((each) => (
        <KindMark
          key={each.id}
          kind={kindOf(each)}
          className="max-md:justify-center max-md:self-center max-md:[&>span]:hidden"
          text={each.ranges.length > 0 ? rangesText(each.ranges) : (each.reason ?? t("kind_short.off"))}
        />
      ))}
    </button>
  );
}
