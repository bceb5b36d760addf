"use client";

import { Mail, Phone } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "@workspace/ui/button";
import {
  formatDateTime,
  formatDay,
  formatDuration,
  formatMoney,
  formatPhone,
  formatTime,
  phoneHref,
} from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import type { Appointment } from "./wire";

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[110px_1fr] gap-3 border-b border-border py-2 last:border-b-0">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words tabular-nums">{children}</dd>
    </div>
  );
}

export function usePrice(locale: Locale) {
  const t = useTranslations("appointments");
  return ({ price_minor: minor, currency }: Pick<Appointment, "price_minor" | "currency">) =>
    minor === null ? t("on_request") : minor === 0 ? t("free") : formatMoney(minor, currency, locale);
}

/** A button that calls; it shows the number, since a desk phone has no link. */
export function CallButton({ phone, primary = false }: { phone: string; primary?: boolean }) {
  return (
    <Button asChild variant={primary ? "primary" : "outline"}>
      <a href={phoneHref(phone)} className="tabular-nums">
        <Phone aria-hidden="true" />
        {formatPhone(phone)}
      </a>
    </Button>
  );
}

/** The facts of a visit in rows; what is not there is left out. */
export function VisitFacts({ visit, zone, locale }: { visit: Appointment; zone: string; locale: Locale }) {
  const t = useTranslations("appointments");
  const price = usePrice(locale);
  const when = (instant: string) => formatDateTime(instant, locale, zone);
  return (
    <dl>
      <Row label={t("fact.when")}>
        {formatDay(localOf(visit.start, zone).date, locale, "full")}, {formatTime(visit.start, locale, zone)}–
        {formatTime(visit.end, locale, zone)}
      </Row>
      <Row label={t("fact.service")}>
        {visit.service_name ?? t("visit")}, {formatDuration(visit.duration_min)},{" "}
        {t(`modality.${visit.modality}`)}
      </Row>
      <Row label={t("fact.specialist")}>{visit.specialist_name}</Row>
      <Row label={t("fact.price")}>{price(visit)}</Row>
      <Row label={t("fact.reference")}>
        <span className="font-mono">{visit.reference}</span>
      </Row>
      {visit.contact.email ? (
        <Row label={t("fact.email")}>
          <a className="link inline-flex items-center gap-1.5" href={`mailto:${visit.contact.email}`}>
            <Mail aria-hidden="true" strokeWidth={1.75} className="size-3.5" />
            {visit.contact.email}
          </a>
        </Row>
      ) : null}
      {visit.note ? <Row label={t("fact.note")}>{visit.note}</Row> : null}
      <Row label={t("fact.made")}>
        {t(`source.${visit.source}`)}, {when(visit.created_at)}
      </Row>
      {visit.confirmed_at ? (
        <Row label={t("fact.confirmed")}>
          {when(visit.confirmed_at)}
          {visit.confirmed_on_behalf ? `, ${t("on_behalf")}` : ""}
        </Row>
      ) : null}
      {visit.cancelled_at ? (
        <Row label={t("fact.cancelled")}>
          {when(visit.cancelled_at)}
          {visit.cancel_initiator ? `, ${t(`initiator.${visit.cancel_initiator}`)}` : ""}
          {visit.late ? `, ${t("late")}` : ""}
          {visit.cancel_reason ? <span className="block text-muted">{visit.cancel_reason}</span> : null}
        </Row>
      ) : null}
    </dl>
  );
}
