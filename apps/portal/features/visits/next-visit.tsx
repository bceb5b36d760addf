import { CalendarPlus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { VisitBadge } from "@workspace/shell/visit-badge";
import { formatDay, formatDuration, formatTime } from "@workspace/i18n/format";
import { localOf } from "@workspace/i18n/zoned";
import { Button } from "@workspace/ui/button";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { DateLeaf } from "./date-leaf";
import { readVisits } from "./queries";
import { VisitActions } from "./visit-actions";

/** The card of the visit that comes next; without one, the way to a booking. */
export async function NextVisit() {
  const [t, { locale }, loaded] = await Promise.all([getTranslations("visits"), getFormats(), readVisits()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const [next] = loaded.data.coming;
  if (!next) {
    return (
      <Card>
        <EmptyState
          className="px-4 py-5"
          title={t("none")}
          action={
            <Button asChild variant="primary">
              <a href="/book">
                <CalendarPlus aria-hidden="true" />
                {t("book")}
              </a>
            </Button>
          }
        >
          {t("none_text")}
        </EmptyState>
      </Card>
    );
  }
  const { date } = localOf(next.start, next.timezone);
  const time = formatTime(next.start, locale, next.timezone);
  return (
    <Card className="p-4">
      <div className="flex gap-3.5">
        <DateLeaf date={date} locale={locale} />
        <div className="min-w-0 flex-1">
          <p className="font-semibold tabular-nums">
            {time}, {formatDuration(next.duration_min)}
          </p>
          <p>{next.service_name ?? t("visit")}</p>
          <p className="mb-2 text-muted">{next.specialist_name}</p>
          <VisitBadge status={next.status} />
        </div>
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        <VisitActions
          id={next.id}
          allowed={next.allowed}
          when={`${formatDay(date, locale, "plain")}, ${time}`}
          short
        />
        <Button asChild variant="line" className={next.allowed.includes("confirm") ? "" : "flex-1"}>
          <a href={`/appointments/${next.id}`}>{t("details")}</a>
        </Button>
      </div>
    </Card>
  );
}
