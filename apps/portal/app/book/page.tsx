import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getNow, getTranslations } from "next-intl/server";
import { chooseLocale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { BookingFlow } from "@/features/booking/booking-flow";
import { clinicFacts } from "@/features/booking/clinic-facts";
import { readAvailability, readNotice, readServices, readSpecialists } from "@/features/booking/queries";
import { ServiceList } from "@/features/booking/service-list";
import { SpecialistChoice } from "@/features/booking/specialist-choice";
import { bookable } from "@/features/booking/wire";
import { StepHeader } from "@/features/booking/step-header";
import { PublicFrame } from "@/shell/public-frame";

type Search = Record<"service" | "specialist" | "choose", string | string[] | undefined>;

const windowDays = 28;
const one = (value: string | string[] | undefined) => (typeof value === "string" ? value : null);

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("booking");
  return { title: t("page_title") };
}

export default async function BookPage({ searchParams }: { searchParams: Promise<Search> }) {
  const [t, locale, now, organization, search, services] = await Promise.all([
    getTranslations("booking"),
    getLocale(),
    getNow(),
    currentOrganization(),
    searchParams,
    readServices(),
  ]);
  if (!organization) notFound();
  const clinic = clinicFacts(organization);
  const narrow = (content: React.ReactNode) => (
    <PublicFrame organization={organization}>{content}</PublicFrame>
  );
  if (!services.ok) return narrow(<LoadError problem={services.problem} />);

  const wanted = one(search.service);
  const service = services.data.find(
    (each) => bookable(each) && (each.slug === wanted || each.id === wanted),
  );
  if (!service || service.duration_min === null) {
    return narrow(
      <>
        <StepHeader step={1} title={t("service_title")} back={{ href: "/" }} />
        <div className="mt-5">
          <ServiceList services={services.data} phone={clinic.phone} />
        </div>
      </>,
    );
  }

  const specialists = await readSpecialists(service.id);
  if (!specialists.ok) return narrow(<LoadError problem={specialists.problem} />);
  const who = one(search.specialist);
  const several = specialists.data.length > 1;
  const named = specialists.data.find(({ id, slug }) => slug === who || id === who);
  if (several && !named && who !== "any") {
    return narrow(
      <>
        <StepHeader step={1} title={t("specialist_title")} text={service.name} back={{ href: "/book" }} />
        <div className="mt-5">
          <SpecialistChoice service={service.slug} specialists={specialists.data} />
        </div>
      </>,
    );
  }

  const specialist = named ?? (several ? null : (specialists.data[0] ?? null));
  const from = localOf(now.getTime(), clinic.timeZone).date;
  const [availability, notice] = await Promise.all([
    readAvailability(
      { serviceId: service.id, specialistId: specialist?.id ?? null },
      { from, days: windowDays, tz: clinic.timeZone },
    ),
    readNotice(locale),
  ]);
  if (!notice.ok) return narrow(<LoadError problem={notice.problem} />);
  if (!availability.ok) return narrow(<LoadError problem={availability.problem} />);
  return (
    <PublicFrame organization={organization} wide>
      <BookingFlow
        key={`${service.id} ${specialist?.id ?? "any"}`}
        service={{
          id: service.id,
          slug: service.slug,
          name: service.name,
          duration_min: service.duration_min,
          price_minor: service.price_minor,
          currency: service.currency,
        }}
        specialist={specialist ? { id: specialist.id, name: specialist.name, title: specialist.title } : null}
        specialists={specialists.data.map(({ id, name, title }) => ({ id, name, title }))}
        clinic={clinic}
        locale={chooseLocale({ cookie: locale, acceptLanguage: null })}
        start={{ answer: availability.data, from }}
        notice={notice.data}
        backHref={several ? `/book?service=${service.slug}` : "/book"}
      />
    </PublicFrame>
  );
}
