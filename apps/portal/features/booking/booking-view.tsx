import { Phone } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { VisitBadge } from "@workspace/shell/visit-badge";
import type { Locale } from "@workspace/i18n/locales";
import { Button } from "@workspace/ui/button";
import { EmptyState } from "@workspace/ui/empty-state";
import { visitStatuses } from "@workspace/ui/visit-state";
import { BookingCard } from "./booking-card";
import type { ClinicFacts } from "./flow-types";
import { readBooking } from "./queries";

/** One booking as the holder of its link sees it. A wrong or spent link says nothing about what exists. */
export async function BookingView({
  reference,
  token,
  clinic,
  locale,
}: {
  reference: string;
  token: string;
  clinic: ClinicFacts;
  locale: Locale;
}) {
  const [t, loaded] = await Promise.all([getTranslations("booking"), readBooking(reference, token)]);
  const call = clinic.phone ? (
    <Button asChild>
      <a href={`tel:${clinic.phone.replace(/[^\d+]/g, "")}`}>
        <Phone aria-hidden="true" />
        {t("call_us", { phone: clinic.phone })}
      </a>
    </Button>
  ) : null;
  if (!loaded.ok) {
    if (![400, 401, 403, 404, 410, 422].includes(loaded.problem.status))
      return <LoadError problem={loaded.problem} />;
    return (
      <>
        <h1 className="mt-4 text-2xl">{t("link_gone_title")}</h1>
        <EmptyState className="px-0 py-4" title={t("link_gone_text")} action={call} />
      </>
    );
  }
  const booking = loaded.data;
  const status = visitStatuses.find((known) => known === booking.status);
  const next =
    booking.status === "cancelled"
      ? t("state_text.cancelled")
      : booking.status === "booked"
        ? t("state_text.booked")
        : t("state_text.other");
  return (
    <>
      <h1 className="mt-4 text-2xl tracking-(--track-big)">
        {booking.first_name ? t("view_title_name", { name: booking.first_name }) : t("view_title")}
      </h1>
      <p className="mt-1.5 mb-5 text-muted">{next}</p>
      <BookingCard
        booking={booking}
        clinic={clinic}
        locale={locale}
        state={status ? <VisitBadge status={status} /> : null}
      />
      <section className="mt-5">
        <h2>{t("change_title")}</h2>
        <p className="mt-1 mb-3 text-muted">{t("change_text")}</p>
        {call}
      </section>
      {booking.status === "cancelled" ? (
        <p className="mt-5">
          <a className="link inline-flex min-h-11 items-center" href="/book">
            {t("book_again")}
          </a>
        </p>
      ) : null}
    </>
  );
}
