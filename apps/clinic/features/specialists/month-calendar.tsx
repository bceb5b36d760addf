"use client";

import { CalendarPlus, ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { daysBetween } from "@workspace/i18n/zoned";
import { KindMark } from "./kind-mark";
import { bounds, byDate, dayOfKey, isSelected, stepMonth, weeksOf, type Kind, type Selection } from "./month";
import { MonthDay } from "./month-day";
import { OverrideDialog } from "./override-dialog";
import { OverrideList } from "./override-list";
import type { DateOverride } from "./wire";

const kinds: readonly Kind[] = ["off", "part", "extra"];

export interface MonthCalendarProps {
  id: string;
  /** `YYYY-MM` */
  month: string;
  overrides: DateOverride[];
  today: string;
  locale: Locale;
  mayEdit: boolean;
}

/**
 * The days that differ, on the month that is in the address. A day is chosen by a click or Enter, more of them with Shift or by a
 * second click; the arrow keys move, and what was chosen is added with one button, or with Enter on it.
 */
export function MonthCalendar({ id, month, overrides, today, locale, mayEdit }: MonthCalendarProps) {
  const t = useTranslations("specialists");
  const router = useRouter();
  const grid = useRef<HTMLTableElement>(null);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [cursor, setCursor] = useState(today.startsWith(month) ? today : `${month}-01`);
  const [follow, setFollow] = useState(false);
  const [adding, setAdding] = useState(false);
  const weeks = weeksOf(month);
  const days = useMemo(() => byDate(overrides), [overrides]);
  const shown = weeks.flat();
  const focusable = shown.includes(cursor) ? cursor : `${month}-01`;
  const go = (next: string) => router.push(`?month=${next}`, { scroll: false });
  useEffect(() => {
    if (!follow) return;
    const cell = grid.current?.querySelector<HTMLButtonElement>(`[data-date="${cursor}"]`);
    cell?.focus();
    if (cell) setFollow(false);
  }, [follow, cursor, month]);
  const choose = (date: string, extend: boolean) => {
    setCursor(date);
    setSelection((known) => {
      if (known && (extend || (known.anchor === known.end && date > known.anchor)))
        return { anchor: known.anchor, end: date };
      return { anchor: date, end: date };
    });
  };
  const onKey = (event: KeyboardEvent, date: string) => {
    if (event.key === "Escape") return setSelection(null);
    if (event.key === "Enter" && mayEdit && isSelected(selection, date)) {
      event.preventDefault();
      return setAdding(true);
    }
    const page = event.key === "PageUp" ? -1 : event.key === "PageDown" ? 1 : null;
    const target = page ? `${stepMonth(month, page)}-01` : dayOfKey(event.key, date);
    if (!target) return;
    event.preventDefault();
    setCursor(target);
    setFollow(true);
    if (event.shiftKey) setSelection((known) => ({ anchor: known?.anchor ?? date, end: target }));
    if (!shown.includes(target) || page) go(target.slice(0, 7));
  };
  const chosen = selection ? bounds(selection) : null;
  const length = chosen ? daysBetween(chosen.from, chosen.to) + 1 : 0;
  return (
    <Card>
      <CardHeader
        title={t("overrides")}
        actions={
          mayEdit ? (
            <Button variant={chosen ? "primary" : "line"} onClick={() => setAdding(true)}>
              <CalendarPlus aria-hidden="true" />
              {chosen ? t("add_chosen", { count: length }) : t("add_override")}
            </Button>
          ) : null
        }
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-border px-4 py-2">
        <div className="flex">
          <Button
            variant="quiet"
            size="icon"
            aria-label={t("month_before")}
            onClick={() => go(stepMonth(month, -1))}
          >
            <ChevronLeft aria-hidden="true" />
          </Button>
          <Button
            variant="quiet"
            size="icon"
            aria-label={t("month_after")}
            onClick={() => go(stepMonth(month, 1))}
          >
            <ChevronRight aria-hidden="true" />
          </Button>
        </div>
        <h3 aria-live="polite" className="flex-1 text-[15px] font-semibold">
          {formatDay(`${month}-01`, locale, "monthYear")}
        </h3>
        <ul className="flex flex-wrap gap-x-3 gap-y-1">
          {kinds.map((kind) => (
            <li key={kind} className="flex items-center gap-1.5 text-xs text-muted">
              <KindMark kind={kind} />
              {t(`kind.${kind}`)}
            </li>
          ))}
        </ul>
      </div>
      <table ref={grid} className="w-full table-fixed border-collapse" aria-label={t("overrides")}>
        <thead>
          <tr>
            {(weeks[0] ?? []).map((date) => (
              <th
                key={date}
                scope="col"
                className="h-8 border-b border-border text-center text-xs font-medium text-muted md:px-2 md:text-left"
              >
                {formatDay(date, locale, "weekday")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((date) => (
                <td key={date} className="border-r border-b border-border p-0 align-top last:border-r-0">
                  <MonthDay
                    date={date}
                    inside={date.startsWith(month)}
                    today={today}
                    selected={isSelected(selection, date)}
                    focusable={date === focusable}
                    overrides={days.get(date) ?? []}
                    locale={locale}
                    onChoose={(event) => choose(date, event.shiftKey)}
                    onKey={(event) => onKey(event, date)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <OverrideList
        id={id}
        overrides={overrides.filter(({ date }) =>
          chosen ? chosen.from <= date && date <= chosen.to : date.startsWith(month),
        )}
        chosen={chosen !== null}
        locale={locale}
        mayEdit={mayEdit}
      />
      {adding ? (
        <OverrideDialog
          id={id}
          from={chosen?.from ?? today}
          to={chosen?.to ?? today}
          today={today}
          locale={locale}
          onClose={() => {
            setAdding(false);
            setSelection(null);
          }}
        />
      ) : null}
    </Card>
  );
}
