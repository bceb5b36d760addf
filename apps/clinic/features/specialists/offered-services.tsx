import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { formatDuration, formatMoney } from "@workspace/i18n/format";
import { getFormats } from "@workspace/shell/lib/formats";
import { LoadError } from "@workspace/shell/load-error";
import { Badge } from "@workspace/ui/badge";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { readOffered } from "./queries";

/** What the specialist offers, with the price and the length that hold for this person; own ones are marked. */
export async function OfferedServices({ id, mayManage }: { id: string; mayManage: boolean }) {
  const [t, format, loaded] = await Promise.all([
    getTranslations("specialists"),
    getFormats(),
    readOffered(id),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      <CardHeader title={t("services")} mark={loaded.data.length > 0 ? loaded.data.length : undefined} />
      {loaded.data.length === 0 ? (
        <EmptyState title={t("no_services")}>{t("no_services_text")}</EmptyState>
      ) : (
        <ul>
          {loaded.data.map((service) => {
            const offer = service.specialists.find(({ specialist_id }) => specialist_id === id);
            const price = offer?.custom_price_minor ?? service.base_price_minor;
            const minutes = offer?.custom_duration_min ?? service.duration_min;
            const own =
              (offer?.custom_price_minor ?? null) !== null || (offer?.custom_duration_min ?? null) !== null;
            return (
              <li key={service.id} className="border-b border-border px-4 py-2.5 last:border-b-0">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  {mayManage ? (
                    <Link
                      href={`/services/${service.id}`}
                      className="min-w-0 flex-1 font-medium text-fg no-underline hover:underline"
                    >
                      {service.name}
                    </Link>
                  ) : (
                    <span className="min-w-0 flex-1 font-medium">{service.name}</span>
                  )}
                  {offer?.is_active ? null : <Badge>{t("offer_off")}</Badge>}
                  {service.published ? null : <Badge>{t("service_draft")}</Badge>}
                </p>
                <p className="flex flex-wrap gap-x-3 text-muted tabular-nums">
                  <span>{minutes === null ? t("no_duration") : formatDuration(minutes)}</span>
                  <span>
                    {price === null
                      ? t("on_request")
                      : price === 0
                        ? t("free")
                        : formatMoney(price, service.currency, format.locale)}
                  </span>
                  {own ? <span className="text-brand-text">{t("own_terms")}</span> : null}
                </p>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
