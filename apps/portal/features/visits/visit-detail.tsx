import { CalendarDays, MapPin, Stethoscope, UserRound } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { VisitBadge } from "@workspace/shell/visit-badge";
import { formatDay, formatDuration, formatMoney, formatTime, formatZone } from "@workspace/i18n/format";
import { localOf } from "@workspace/i18n/zoned";
import { Card } from "@workspace/ui/card";
import { Note } from "@workspace/ui/note";
import { readVisit } from "./queries";
import { VisitActions } from "./visit-actions";

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

/** One visit with what may be done about it now. */
export async function VisitDetail({ id, place }: { id: string; place: string }) {
  const [t, formats, loaded] = await Promise.all([getTranslations("visits"), getFormats(), readVisit(id)]);
  if (!loaded.ok) {
    if (loaded.problem.status === 404) notFound();
    return <LoadError problem={loaded.problem} />;
  }
  const visit = loaded.data;
  const { locale } = formats;
  const zone = visit.timezone;
  const { date } = localOf(visit.start, zone);
  const time = formatTime(visit.start, locale, zone);
  const price =
    visit.price_minor === null
      ? t("price_on_request")
      : visit.price_minor === 0
        ? t("price_free")
        : formatMoney(visit.price_minor, visit.currency, locale);
  return (
    <>
      <Card>
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-border px-4 py-3.5">
          <VisitBadge status={visit.status} />
          <span className="text-md text-muted">{t("reference", { reference: visit.reference })}</span>
        </div>
        <ul className="flex flex-col gap-3.5 px-4 py-4">
          <Fact
            icon={<CalendarDays aria-hidden="true" />}
            title={formatDay(date, locale, "full")}
            text={t("hours", {
              from: time,
              to: formatTime(visit.end, locale, zone),
              city: formatZone(zone, locale),
            })}
          />
          <Fact
            icon={<Stethoscope aria-hidden="true" />}
            title={visit.service_name ?? t("visit")}
            text={`${formatDuration(visit.duration_min)}, ${price}`}
          />
          <Fact icon={<UserRound aria-hidden="true" />} title={visit.specialist_name} />
          <Fact icon={<MapPin aria-hidden="true" />} title={t(`modality.${visit.modality}`)} text={place} />
        </ul>
      </Card>
      {visit.confirmed_at && visit.status === "confirmed" ? (
        <Note tone="success">{t("confirmed_at", { time: formats.dateTime(visit.confirmed_at) })}</Note>
      ) : null}
      {visit.allowed.length > 0 ? (
        <section className="flex flex-col gap-3">
          <div className="flex flex-wrap gap-2">
            <VisitActions
              id={visit.id}
              allowed={visit.allowed}
              when={`${formatDay(date, locale, "plain")}, ${time}`}
            />
          </div>
          {visit.allowed.includes("cancel") ? (
            <p className="text-md text-muted tabular-nums">
              {t("cancel_until", { time: formats.dateTime(visit.cancel_until) })}
            </p>
          ) : null}
        </section>
      ) : null}
    </>
  );
}
