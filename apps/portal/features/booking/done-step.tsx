"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Locale } from "@workspace/i18n/locales";
import { CopyButton } from "@workspace/ui/copy-button";
import { BookingCard } from "./booking-card";
import type { ClinicFacts } from "./flow-types";
import type { MadeBooking } from "./wire";

export interface DoneStepProps {
  booking: MadeBooking;
  phone: string;
  email: string;
  clinic: ClinicFacts;
  locale: Locale;
}

/** The end: what was booked, what happens next, and the link that shows it again. */
export function DoneStep({ booking, phone, email, clinic, locale }: DoneStepProps) {
  const t = useTranslations("booking");
  const common = useTranslations("common");
  return (
    <div className="mx-auto max-w-[640px]">
      <p className="flex items-center gap-2 font-medium text-success-text">
        <CircleCheck aria-hidden="true" strokeWidth={1.75} className="size-6" />
        {t("done_mark")}
      </p>
      <h1 tabIndex={-1} data-step-title="" className="mt-2 text-2xl tracking-(--track-big)">
        {t("done_title")}
      </h1>
      <p className="mt-2 text-muted">{t("done_text", { phone })}</p>
      <div className="mt-5">
        <BookingCard booking={booking} clinic={clinic} locale={locale} url={booking.manage_url} />
      </div>
      <section className="mt-4 rounded-lg border border-border bg-surface px-5 py-4">
        <h2>{t("link_title")}</h2>
        <p className="mt-1 text-muted">{email ? t("link_mailed", { email }) : t("link_keep")}</p>
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <a
            className="link inline-flex min-h-11 items-center"
            href={`/bookings/${booking.reference}?t=${encodeURIComponent(booking.manage_token)}`}
          >
            {t("link_open")}
          </a>
          <CopyButton value={booking.manage_url} label={common("copy")} doneLabel={common("copied")} />
        </div>
      </section>
      <p className="mt-5">
        <a className="link inline-flex min-h-11 items-center" href="/">
          {t("to_clinic", { clinic: clinic.name })}
        </a>
      </p>
    </div>
  );
}
