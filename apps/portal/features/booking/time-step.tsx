"use client";

import { Phone } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { formatDay, formatDuration, formatZone } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { addDays, daysBetween, localOf } from "@workspace/i18n/zoned";
import { Button } from "@workspace/ui/button";
import { DayStrip } from "./day-strip";
import type { ClinicFacts, FlowService } from "./flow-types";
import { ownStart } from "./hold-state";
import { usePriceText } from "./price";
import { SlotGrid } from "./slot-grid";
import { firstFreeDay, groupByDay, type SlotView } from "./slots";
import { StepHeader } from "./step-header";
import type { AvailabilityControl } from "./use-availability";
import type { HoldState } from "./hold-state";

const weekDays = 7;

export interface TimeStepProps {
  service: FlowService;
  who: string;
  clinic: ClinicFacts;
  visitorZone: string;
  locale: Locale;
  /** First local date of the strip. */
  from: string;
  times: AvailabilityControl;
  hold: HoldState;
  backHref: string;
  onChoose: (slot: SlotView) => void;
  /** What happened to the time chosen before. */
  notice: ReactNode;
}

function CallClinic({ phone, text }: { phone: string | null; text: string }) {
  const t = useTranslations("booking");
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span>{text}</span>
      {phone ? (
        <a
          className="link inline-flex min-h-11 items-center gap-2"
          href={`tel:${phone.replace(/[^\d+]/g, "")}`}
        >
          <Phone aria-hidden="true" strokeWidth={1.75} className="size-[18px]" />
          {t("call_us", { phone })}
        </a>
      ) : null}
    </p>
  );
}

function ServiceCard({ service, who }: { service: FlowService; who: string }) {
  const t = useTranslations("booking");
  const price = usePriceText();
  return (
    <section
      aria-label={t("service")}
      className="mt-4 flex items-start gap-3 rounded-lg border border-border bg-surface px-4 py-3.5 lg:hidden"
    >
      <div className="min-w-0 flex-1 text-muted tabular-nums">
        <p className="font-semibold text-fg">{service.name}</p>
        <p className="text-md">
          {formatDuration(service.duration_min)}, {price(service)}
        </p>
        <p className="text-md">{who}</p>
      </div>
      <a
        className="link inline-flex min-h-11 items-center px-1"
        href={`/book?service=${service.slug}&choose=1`}
      >
        {t("change")}
      </a>
    </section>
  );
}

export function TimeStep(props: TimeStepProps) {
  const { service, who, clinic, visitorZone, locale, from, times, hold, backHref, onChoose, notice } = props;
  const t = useTranslations("booking");
  const free = firstFreeDay(times.slots, visitorZone);
  const own = ownStart(hold) ?? (hold.kind === "lost" ? hold.start : null);
  const [picked, setPicked] = useState<string | null>(null);
  const day = picked ?? (own ? localOf(own, visitorZone).date : (free ?? from));
  const week = addDays(from, Math.floor(Math.max(0, daysBetween(from, day)) / weekDays) * weekDays);
  const days = groupByDay(times.slots, visitorZone, week, weekDays);
  const current = days.find(({ date }) => date === day);
  const move = (target: string) => {
    setPicked(target);
    if (addDays(target, weekDays) > times.loadedTo) times.loadMore();
  };
  const next = times.slots.find((slot) => !slot.taken && localOf(slot.start, visitorZone).date > day);
  const nextDay = next ? localOf(next.start, visitorZone).date : null;
  const city = formatZone(clinic.timeZone, locale);
  const away = visitorZone !== clinic.timeZone;
  return (
    <div>
      <StepHeader step={2} title={t("time_title")} back={{ href: backHref }} />
      <ServiceCard service={service} who={who} />
      {notice}
      {times.problem ? (
        <div className="mt-4">
          <ProblemNote problem={times.problem} />
          <Button className="mt-2" pending={times.loading} onClick={() => void times.refresh()}>
            {t("try_again")}
          </Button>
        </div>
      ) : null}
      <div className="mt-5">
        <DayStrip
          days={days}
          chosen={day}
          locale={locale}
          onChoose={setPicked}
          onPrevious={week > from ? () => move(addDays(week, -weekDays)) : undefined}
          onNext={() => move(addDays(week, weekDays))}
        />
      </div>
      <p className="my-4 text-md text-muted" aria-live="polite">
        {formatDay(day, locale, "long")}.{" "}
        {away
          ? t("zone_yours", { yours: formatZone(visitorZone, locale), clinic: city })
          : t("zone_clinic", { city })}
      </p>
      {current && current.slots.length > 0 ? (
        <SlotGrid
          slots={current.slots}
          timeZone={visitorZone}
          locale={locale}
          own={ownStart(hold)}
          taking={hold.kind === "taking"}
          onChoose={onChoose}
        />
      ) : (
        <div className="flex flex-col items-start gap-3 rounded-lg border border-border bg-surface px-4 py-5">
          <p className="font-medium">
            {nextDay
              ? t("no_times_until", { day: formatDay(nextDay, locale, "plain") })
              : t("no_times", { day: formatDay(times.loadedTo, locale, "plain") })}
          </p>
          {nextDay ? (
            <Button onClick={() => setPicked(nextDay)}>
              {t("see_day", { day: formatDay(nextDay, locale, "plain") })}
            </Button>
          ) : (
            <CallClinic phone={clinic.phone} text={t("no_times_call")} />
          )}
        </div>
      )}
      <div className="mt-6">
        <CallClinic phone={clinic.phone} text={t("no_fit")} />
      </div>
    </div>
  );
}
