"use client";

import { CalendarDays, MapPin, Stethoscope, UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDay, formatDuration, formatTime, formatZone } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { usePriceText } from "./price";
import type { ClinicFacts, FlowService } from "./flow-types";
import type { Slot } from "./wire";

function Fact({ icon, title, text }: { icon: ReactNode; title: ReactNode; text?: ReactNode }) {
  return (
    <li className="flex gap-3.5 [&>svg]:mt-0.5 [&>svg]:size-5 [&>svg]:shrink-0 [&>svg]:stroke-[1.75] [&>svg]:text-muted">
      {icon}
      <div className="min-w-0">
        <p className="font-medium tabular-nums">{title}</p>
        {text ? <p className="text-md text-muted tabular-nums">{text}</p> : null}
      </div>
    </li>
  );
}

/** Day and hours of a slot in a zone: two lines of text. */
export function useWhen(locale: Locale) {
  const t = useTranslations("booking");
  return (slot: Pick<Slot, "start" | "end">, zone: string) => ({
    day: formatDay(localOf(slot.start, zone).date, locale, "full"),
    hours: t("hours_in_zone", {
      from: formatTime(slot.start, locale, zone),
      to: formatTime(slot.end, locale, zone),
      city: formatZone(zone, locale),
    }),
  });
}

export interface SummaryProps {
  service: FlowService;
  slot: Slot | null;
  specialistName: string | null;
  /** How the specialist is chosen, when nobody was named. */
  specialistText: string | null;
  clinic: ClinicFacts;
  visitorZone: string;
  locale: Locale;
}

/** What is being booked: what, when, with whom, where, for how much. */
export function Summary({
  service,
  slot,
  specialistName,
  specialistText,
  clinic,
  visitorZone,
  locale,
}: SummaryProps) {
  const t = useTranslations("booking");
  const price = usePriceText();
  const when = useWhen(locale);
  const here = slot ? when(slot, clinic.timeZone) : null;
  const there = slot && visitorZone !== clinic.timeZone ? when(slot, visitorZone) : null;
  const minutes = slot?.duration_min ?? service.duration_min;
  return (
    <section aria-labelledby="summary-title" className="rounded-lg border border-border bg-surface p-5">
      <h2 id="summary-title">{t("summary")}</h2>
      <ul className="mt-3.5 flex flex-col gap-3.5">
        <Fact icon={<Stethoscope aria-hidden="true" />} title={service.name} text={formatDuration(minutes)} />
        {here ? (
          <Fact
            icon={<CalendarDays aria-hidden="true" />}
            title={here.day}
            text={
              <>
                {here.hours}
                {there ? (
                  <span className="block">{t("your_time", { time: `${there.day}, ${there.hours}` })}</span>
                ) : null}
              </>
            }
          />
        ) : null}
        {specialistName || specialistText ? (
          <Fact
            icon={<UserRound aria-hidden="true" />}
            title={specialistName ?? specialistText}
            {...(specialistName && specialistText ? { text: specialistText } : {})}
          />
        ) : null}
        {clinic.address ? <Fact icon={<MapPin aria-hidden="true" />} title={clinic.address} /> : null}
      </ul>
      <div className="mt-4 flex items-baseline justify-between gap-4 border-t border-border pt-3.5">
        <span>{t("to_pay")}</span>
        <span className="font-semibold tabular-nums">
          {price({
            price_minor: slot ? slot.price_minor : service.price_minor,
            currency: service.currency,
          })}
        </span>
      </div>
    </section>
  );
}
