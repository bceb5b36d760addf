import { CalendarDays, MapPin, Stethoscope, UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDay, formatDuration, formatTime, formatZone } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { CalendarButton } from "./calendar-button";
import type { ClinicFacts } from "./flow-types";
import type { CalendarEntry } from "./ics";
import { usePriceText } from "./price";
import type { Booking } from "./wire";

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

export interface BookingCardProps {
  booking: Booking;
  clinic: ClinicFacts;
  locale: Locale;
  /** Address of the page of this booking, for the calendar entry. */
  url?: string;
  state?: ReactNode;
}

/** The facts of one booking with its reference, and the way into the visitor's calendar. */
export function BookingCard({ booking, clinic, locale, url, state }: BookingCardProps) {
  const t = useTranslations("booking");
  const price = usePriceText();
  const zone = booking.timezone || clinic.timeZone;
  const hours = t("hours_in_zone", {
    from: formatTime(booking.start, locale, zone),
    to: formatTime(booking.end, locale, zone),
    city: formatZone(zone, locale),
  });
  const entry: CalendarEntry = {
    uid: `${booking.reference}@restartix`,
    start: booking.start,
    end: booking.end,
    summary: `${booking.service_name}, ${clinic.name}`,
    description: [
      t("reference_line", { reference: booking.reference }),
      booking.specialist_name,
      clinic.phone,
    ]
      .filter(Boolean)
      .join("\n"),
    location: clinic.address ?? clinic.name,
    url,
    cancelled: booking.status === "cancelled",
  };
  return (
    <section className="rounded-lg border border-border bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-border px-5 py-3.5">
        <p>
          <span className="text-muted">{t("reference")}</span>{" "}
          <strong className="font-mono text-lg tracking-wider" translate="no">
            {booking.reference}
          </strong>
        </p>
        {state}
      </div>
      <ul className="flex flex-col gap-3.5 px-5 py-4">
        <Fact
          icon={<CalendarDays aria-hidden="true" />}
          title={formatDay(localOf(booking.start, zone).date, locale, "full")}
          text={hours}
        />
        <Fact
          icon={<Stethoscope aria-hidden="true" />}
          title={booking.service_name}
          text={`${formatDuration(booking.duration_min)}, ${price(booking)}`}
        />
        <Fact icon={<UserRound aria-hidden="true" />} title={booking.specialist_name} />
        <Fact icon={<MapPin aria-hidden="true" />} title={clinic.address ?? clinic.name} />
      </ul>
      {booking.status === "cancelled" ? null : (
        <div className="border-t border-border px-5 py-4">
          <CalendarButton entry={entry} fileName={`${booking.reference}.ics`} />
        </div>
      )}
    </section>
  );
}
