"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useTransition } from "react";
import { Badge } from "@workspace/ui/badge";
import { EmptyState } from "@workspace/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { cn } from "@workspace/ui/lib/cn";
import { useLive } from "@workspace/shell/lib/use-live";
import { formatDay, formatDuration, formatPhone, formatTime, phoneHref } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { useSoon } from "./calendar";
import { useClock } from "./use-minute";
import { personOf, type Appointment } from "./wire";

/** A visit that starts within that time is marked. */
const urgentMin = 120;

export const deskHref = (id: string | null) =>
  id ? `/bookings?visit=${encodeURIComponent(id)}` : "/bookings";

function Waiting({ visit, now }: { visit: Appointment; now: number }) {
  const t = useTranslations("appointments");
  if (now === 0) return null;
  const waited = Math.max(0, Math.round((now - Date.parse(visit.created_at)) / 60_000));
  const left = Math.round((Date.parse(visit.start) - now) / 60_000);
  return (
    <>
      <span className="block">
        {waited < 1440 ? formatDuration(waited) : t("waited_days", { count: Math.floor(waited / 1440) })}
      </span>
      {left <= urgentMin ? (
        <Badge tone="danger">
          {left > 0 ? t("starts_in", { time: formatDuration(left) }) : t("started")}
        </Badge>
      ) : null}
    </>
  );
}

/** Bookings to call, the earliest visit first. J and K move, Enter opens, S calls. */
export function BookedList({
  visits,
  chosen,
  zone,
  locale,
}: {
  visits: Appointment[];
  chosen: string | null;
  zone: string;
  locale: Locale;
}) {
  const t = useTranslations("appointments");
  const router = useRouter();
  const [moving, startMoving] = useTransition();
  const now = useClock();
  useLive("/api/core/v1/stream", ["appointment.updated", "task.updated"], useSoon());

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest("input,textarea,select,[role=dialog],[role=menu]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = visits.findIndex(({ id }) => id === chosen);
      const to = event.key === "j" ? visits[at + 1] : event.key === "k" ? visits[at - 1] : undefined;
      if (to) {
        event.preventDefault();
        startMoving(() => router.replace(deskHref(to.id)));
      }
      const phone = visits[at]?.contact.phone;
      if (event.key === "s" && phone) window.location.assign(phoneHref(phone));
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [visits, chosen, router]);

  if (visits.length === 0) return <EmptyState title={t("desk_empty")}>{t("desk_empty_text")}</EmptyState>;
  return (
    <div className={cn(moving && "opacity-70")} aria-busy={moving || undefined}>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{t("person")}</TableHeader>
            <TableHeader>{t("when_what")}</TableHeader>
            <TableHeader className="max-xl:hidden">{t("fact.specialist")}</TableHeader>
            <TableHeader numeric>{t("waiting")}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {visits.map((visit) => {
            const on = visit.id === chosen;
            return (
              <TableRow
                key={visit.id}
                aria-selected={on}
                className="cursor-pointer"
                onClick={() => startMoving(() => router.push(deskHref(visit.id)))}
              >
                <TableCell className="h-13">
                  <button
                    type="button"
                    aria-current={on ? "true" : undefined}
                    data-event={visit.id}
                    className="block max-w-full truncate rounded-xs text-left font-medium"
                  >
                    {personOf(visit) ?? t("no_name")}
                  </button>
                  {visit.contact.phone ? (
                    <span className="text-xs text-muted tabular-nums">
                      {formatPhone(visit.contact.phone)}
                    </span>
                  ) : null}
                </TableCell>
                <TableCell>
                  <span className="block tabular-nums">
                    {formatDay(localOf(visit.start, zone).date, locale, "short")},{" "}
                    {formatTime(visit.start, locale, zone)}
                  </span>
                  <span className="block text-xs text-muted">{visit.service_name ?? t("visit")}</span>
                </TableCell>
                <TableCell className="text-muted max-xl:hidden">{visit.specialist_name}</TableCell>
                <TableCell numeric>
                  <Waiting visit={visit} now={now} />
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      <p className="px-3 py-3 text-xs text-muted max-md:hidden">{t("desk_keys")}</p>
    </div>
  );
}
