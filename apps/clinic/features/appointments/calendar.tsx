"use client";

import { Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useTransition } from "react";
import { useLive } from "@workspace/shell/lib/use-live";
import { VisitBadge } from "@workspace/shell/visit-badge";
import { EmptyState } from "@workspace/ui/empty-state";
import { cn } from "@workspace/ui/lib/cn";
import { visitStatuses } from "@workspace/ui/visit-state";
import type { Locale } from "@workspace/i18n/locales";
import { CalendarGrid } from "./calendar-grid";
import { calendarHref, columnsOf, type CalendarData, type CalendarQuery } from "./calendar-model";
import { CalendarToolbar } from "./calendar-toolbar";
import { useHeldTimes } from "./use-holds";
import { VisitPanel } from "./visit-panel";
import type { Appointment, CalendarSpecialist } from "./wire";

/** Several pushes at once cost one read. */
const gatherMs = 400;

/** Reads the page again soon after a push; several pushes are one read. */
export function useSoon(): () => void {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      router.refresh();
    }, gatherMs);
  }, [router]);
}

export interface CalendarProps {
  data: CalendarData & { everybody: CalendarSpecialist[] };
  query: CalendarQuery;
  today: string;
  zone: string;
  locale: Locale;
  /** The visit of the address when it is not among those shown. */
  named: Appointment | null;
}

export function Calendar({ data, query, today, zone, locale, named }: CalendarProps) {
  const t = useTranslations("appointments");
  const router = useRouter();
  const [moving, startMoving] = useTransition();
  const [openId, setOpenId] = useState(query.visit);
  const soon = useSoon();
  const [held, hear] = useHeldTimes();
  const liveVisits = useLive("/api/core/v1/stream", ["appointment.updated"], soon);
  useLive(
    "/api/core/v1/availability/stream",
    ["slot.held", "slot.released", "slot.booked", "availability.changed"],
    (frame) => {
      hear(frame);
      if (frame.type !== "slot.held" && frame.type !== "slot.released") soon();
    },
  );

  const go = useCallback(
    (next: CalendarQuery) => startMoving(() => router.push(calendarHref({ ...next, visit: null }, today))),
    [router, today],
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest("input,textarea,select,[role=dialog],[role=menu]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "t") go({ ...query, date: today });
      if (event.key === "d") go({ ...query, view: "day" });
      if (event.key === "w") go({ ...query, view: "week" });
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [go, query, today]);

  const columns = columnsOf(data, query.view, query.date, zone);
  const shown = [
    ...new Map(columns.flatMap(({ events }) => events.map(({ visit }) => [visit.id, visit]))).values(),
  ];
  const open = shown.find(({ id }) => id === openId) ?? (named?.id === openId ? named : null);
  return (
    <div
      className={cn("flex min-h-0 flex-1 flex-col", moving && "opacity-70")}
      aria-busy={moving || undefined}
    >
      <CalendarToolbar
        query={query}
        today={today}
        locale={locale}
        everybody={data.everybody}
        shown={data.specialists}
        counts={{
          visits: shown.filter(({ status }) => status !== "cancelled").length,
          booked: shown.filter(({ status }) => status === "booked").length,
        }}
        onGo={go}
      />
      {columns.length === 0 ? (
        <EmptyState title={t("no_specialists")}>{t("no_specialists_text")}</EmptyState>
      ) : (
        <CalendarGrid
          columns={columns}
          held={held}
          zone={zone}
          locale={locale}
          openId={openId}
          onOpen={setOpenId}
        />
      )}
      <footer className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5 border-t border-border bg-surface px-4 py-2">
        <span className="text-xs text-muted">{t("legend")}</span>
        {visitStatuses.map((status) => (
          <VisitBadge key={status} status={status} />
        ))}
        <span role="status" className="ml-auto flex items-center gap-1.5 text-xs text-muted">
          <Radio aria-hidden="true" strokeWidth={1.75} className="size-3.5" />
          {liveVisits ? t("live_on") : t("live_off")}
        </span>
      </footer>
      <VisitPanel visit={open} zone={zone} locale={locale} onClose={() => setOpenId(null)} />
    </div>
  );
}
