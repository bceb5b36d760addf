"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Avatar } from "@workspace/ui/avatar";
import { cn } from "@workspace/ui/lib/cn";
import { VisitIcon } from "@workspace/ui/visit-state";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { clockText, localOf } from "@workspace/i18n/zoned";
import type { CalendarColumn } from "./calendar-model";
import { complement, dayFrame, neighbour, placeSideBySide, type Stretch } from "./layout";
import { useClock } from "./use-minute";
import type { HeldTime } from "./use-holds";
import { VisitBlock } from "./visit-block";

/** 30 minutes are 43 px. */
const minutePx = 43 / 30;
const least = { start: 540, end: 1080 };
const arrows = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] as const;

export interface CalendarGridProps {
  columns: CalendarColumn[];
  held: HeldTime[];
  zone: string;
  locale: Locale;
  /** The visit whose panel is open. */
  openId: string | null;
  onOpen: (id: string) => void;
}

const top = (minute: number, frame: Stretch) => (minute - frame.start) * minutePx;
const height = ({ start, end }: Stretch) => (end - start) * minutePx;

function useHeading() {
  const t = useTranslations("appointments");
  return (column: CalendarColumn) => {
    const live = column.events.filter(({ visit }) => visit.status !== "cancelled").length;
    const hours = column.open.map(({ start, end }) => `${clockText(start)}–${clockText(end)}`).join(", ");
    const count = t("visit_count", { count: live });
    if (column.open.length === 0) return live === 0 ? t("no_hours") : `${t("no_hours")}, ${count}`;
    return live === 0 ? hours : `${hours}, ${count}`;
  };
}

function HeldBlock({ held, frame, zone }: { held: HeldTime; frame: Stretch; zone: string }) {
  const t = useTranslations("appointments");
  const start = localOf(held.start, zone).minute;
  const end = Math.max(start + 10, localOf(held.end, zone).minute);
  return (
    <div
      data-visit="hold"
      style={{ top: top(start, frame) + 1, height: height({ start, end }) - 2 }}
      className="visit-look absolute inset-x-1 z-[1] flex items-start gap-1 overflow-hidden rounded-xs px-2.5 py-1 text-[12px] leading-[14px]"
    >
      <VisitIcon status="hold" />
      <span className="min-w-0 flex-1 truncate font-semibold">{t("held_online")}</span>
      <span className="text-2xs tabular-nums">{clockText(start)}</span>
    </div>
  );
}

/** The time grid: columns of a day or a week, off-hours hatched, the now line, visits side by side. Arrow keys move between visits. */
export function CalendarGrid({ columns, held, zone, locale, openId, onOpen }: CalendarGridProps) {
  const t = useTranslations("appointments");
  const heading = useHeading();
  const now = useClock();
  const local = now === 0 ? null : localOf(now, zone);
  const week = columns[0]?.specialist === null;
  const frame = dayFrame([...columns.flatMap(({ open, events }) => [...open, ...events])], least);
  const marks = Array.from({ length: (frame.end - frame.start) / 60 }, (_, hour) => frame.start + hour * 60);
  const [focused, setFocused] = useState<string | null>(null);
  const known = columns.some(({ events }) => events.some(({ id }) => id === focused));
  const reachable = known
    ? focused
    : (columns.find(({ events }) => events.length > 0)?.events[0]?.id ?? null);
  const box = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent) => {
    const key = arrows.find((arrow) => arrow === event.key);
    const from = event.target instanceof HTMLElement ? event.target.dataset.event : undefined;
    if (!key || !from) return;
    event.preventDefault();
    const to = neighbour(
      columns.map(({ events }) => events),
      from,
      key,
    );
    if (to) box.current?.querySelector<HTMLElement>(`[data-event="${to}"]`)?.focus();
  };

  // The first look goes to the present, or to the first visit of the day.
  const scrolled = useRef(false);
  const showsNow = local !== null && columns.some(({ date }) => date === local.date);
  useEffect(() => {
    if (scrolled.current || !local) return;
    scrolled.current = true;
    if (showsNow && box.current) box.current.scrollTop = Math.max(0, top(local.minute, frame) - 180);
  }, [local, showsNow, frame]);

  const grid = {
    gridTemplateColumns: `51px repeat(${columns.length}, minmax(0, 1fr))`,
    minWidth: 51 + columns.length * (week ? 112 : 180),
  };
  const clockMinute = local && showsNow ? local.minute : null;
  return (
    <div
      ref={box}
      role="group"
      aria-label={t("grid_label")}
      // The days scroll, and with no visit in them nothing inside could take the focus.
      tabIndex={0}
      onKeyDown={move}
      className="relative min-h-0 flex-1 overflow-auto bg-surface"
    >
      <div style={grid} className="sticky top-0 z-10 grid w-full border-b border-border bg-surface">
        <div className="sticky left-0 z-10 border-r border-border bg-surface" />
        {columns.map((column) => {
          const today = local?.date === column.date;
          return (
            <div
              key={column.key}
              className="flex h-[54px] min-w-0 items-center gap-2.5 border-r border-border px-2.5 last:border-r-0"
            >
              {column.specialist ? <Avatar name={column.specialist.name} /> : null}
              <div className="min-w-0">
                <p className={cn("truncate font-semibold", week && today && "text-accent-text")}>
                  {column.specialist ? column.specialist.name : formatDay(column.date, locale, "short")}
                </p>
                <p className="truncate text-xs text-muted tabular-nums" title={heading(column)}>
                  {heading(column)}
                </p>
              </div>
            </div>
          );
        })}
      </div>
      <div style={{ ...grid, height: height(frame) }} className="relative grid w-full">
        <div className="sticky left-0 z-[6] border-r border-border bg-surface">
          {/* An hour under the clock's own label would only be half seen. */}
          {marks
            .filter((minute) => clockMinute === null || Math.abs(minute + 6 - clockMinute) > 14)
            .map((minute) => (
              <span
                key={minute}
                style={{ top: top(minute, frame) + 3 }}
                className="absolute right-2 text-2xs text-muted tabular-nums"
              >
                {clockText(minute)}
              </span>
            ))}
          {local && showsNow && local.minute >= frame.start && local.minute < frame.end ? (
            <span
              style={{ top: top(local.minute, frame) - 9 }}
              className="absolute right-1 z-[7] rounded-xs bg-accent px-1.5 text-2xs leading-[18px] font-semibold text-surface tabular-nums"
            >
              {clockText(local.minute)}
            </span>
          ) : null}
        </div>
        {columns.map((column) => {
          const places = placeSideBySide(column.events);
          return (
            <section
              key={column.key}
              aria-label={column.specialist ? column.specialist.name : formatDay(column.date, locale, "long")}
              className="relative border-r border-border last:border-r-0"
            >
              {complement(column.open, frame.start, frame.end).map((closed) => (
                <div
                  key={closed.start}
                  aria-hidden="true"
                  style={{ top: top(closed.start, frame), height: height(closed) }}
                  className="off-hours absolute inset-x-0"
                />
              ))}
              {marks
                .flatMap((minute) => [minute, minute + 30])
                .map((minute) => (
                  <div
                    key={minute}
                    aria-hidden="true"
                    style={{ top: top(minute, frame) }}
                    className={cn(
                      "absolute inset-x-0 border-t border-border",
                      minute % 60 === 0 ? "" : "opacity-50",
                    )}
                  />
                ))}
              {local &&
              local.date === column.date &&
              local.minute >= frame.start &&
              local.minute < frame.end ? (
                <div
                  aria-hidden="true"
                  style={{ top: top(local.minute, frame) }}
                  className="absolute inset-x-0 z-[1] border-t-2 border-accent"
                />
              ) : null}
              {held
                .filter(({ until }) => now === 0 || until > now - 5_000)
                .filter(({ specialist }) => column.specialist === null || column.specialist.id === specialist)
                .filter(({ start }) => localOf(start, zone).date === column.date)
                .map((each) => (
                  <HeldBlock key={`${each.specialist} ${each.start}`} held={each} frame={frame} zone={zone} />
                ))}
              {column.events.map((event, index) => {
                const { lane, lanes } = places[index] ?? { lane: 0, lanes: 1 };
                return (
                  <VisitBlock
                    key={event.id}
                    event={event}
                    zone={zone}
                    locale={locale}
                    named={week}
                    narrow={week && lanes > 1}
                    focusable={event.id === reachable}
                    open={event.id === openId}
                    onOpen={() => onOpen(event.id)}
                    onFocus={() => setFocused(event.id)}
                    style={{
                      top: top(event.start, frame) + 1,
                      height: Math.max(20, height(event) - 2),
                      left: `calc(${(lane / lanes) * 100}% + 4px)`,
                      width: `calc(${100 / lanes}% - 8px)`,
                    }}
                  />
                );
              })}
            </section>
          );
        })}
      </div>
    </div>
  );
}
