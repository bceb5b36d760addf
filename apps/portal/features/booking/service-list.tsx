import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatDuration } from "@workspace/i18n/format";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { usePriceText } from "./price";
import { bookable, type Category, type PublicService } from "./wire";

const known = ["in_person", "video", "phone", "home_visit"] as const;

function ServiceFacts({ service }: { service: PublicService }) {
  const t = useTranslations("booking");
  const price = usePriceText();
  const ways = known.filter((way) => service.modality.includes(way)).map((way) => t(`modality.${way}`));
  const facts = [
    ...(service.duration_min === null ? [] : [formatDuration(service.duration_min)]),
    ...ways,
  ].join(", ");
  return (
    <span className="flex flex-wrap items-baseline justify-between gap-x-4 text-muted tabular-nums">
      <span>{facts}</span>
      <span className="font-medium text-fg">{price(service)}</span>
    </span>
  );
}

function ServiceRow({ service }: { service: PublicService }) {
  const t = useTranslations("booking");
  const body = (
    <span className="min-w-0 flex-1">
      <span className="block font-semibold text-fg">{service.name}</span>
      {service.description ? (
        <span className="mt-0.5 line-clamp-2 block text-md text-muted">{service.description}</span>
      ) : null}
      <ServiceFacts service={service} />
      {bookable(service) ? null : <span className="block text-md text-muted">{t("by_phone_only")}</span>}
    </span>
  );
  const row = "flex min-h-18 items-center gap-3 px-4 py-3";
  return (
    <li className="border-b border-border last:border-b-0">
      {bookable(service) ? (
        <a
          href={`/book?service=${encodeURIComponent(service.slug)}`}
          className={`${row} no-underline hover:bg-hover`}
        >
          {body}
          <ChevronRight aria-hidden="true" strokeWidth={1.75} className="size-5 shrink-0 text-muted" />
        </a>
      ) : (
        <div className={row}>{body}</div>
      )}
    </li>
  );
}

/** Services of the clinic by category, each with length and price; those that take bookings are links. */
export function ServiceList({ services, phone }: { services: PublicService[]; phone: string | null }) {
  const t = useTranslations("booking");
  if (services.length === 0) {
    return (
      <Card>
        <EmptyState title={t("no_services")}>
          {phone ? t("no_services_phone", { phone }) : t("no_services_text")}
        </EmptyState>
      </Card>
    );
  }
  const groups = new Map<Category, PublicService[]>();
  for (const service of services) {
    const name = service.category;
    groups.set(name, [...(groups.get(name) ?? []), service]);
  }
  return (
    <div className="flex flex-col gap-5">
      {[...groups].map(([category, list]) => (
        <section key={category}>
          {groups.size > 1 ? (
            <h3 className="mb-2 font-medium text-muted">{t(`category.${category}`)}</h3>
          ) : null}
          <Card>
            <ul>
              {list.map((service) => (
                <ServiceRow key={service.id} service={service} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
    </div>
  );
}
