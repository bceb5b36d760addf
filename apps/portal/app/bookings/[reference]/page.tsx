import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { chooseLocale } from "@workspace/i18n/locales";
import { currentOrganization } from "@workspace/org/request";
import { BookingView } from "@/features/booking/booking-view";
import { clinicFacts } from "@/features/booking/clinic-facts";
import { PublicFrame } from "@/shell/public-frame";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("booking");
  return { title: t("view_title"), robots: { index: false, follow: false }, referrer: "no-referrer" };
}

export default async function BookingPage({
  params,
  searchParams,
}: {
  params: Promise<{ reference: string }>;
  searchParams: Promise<{ t?: string | string[] }>;
}) {
  const [{ reference }, { t: token }, organization, locale] = await Promise.all([
    params,
    searchParams,
    currentOrganization(),
    getLocale(),
  ]);
  if (!organization) notFound();
  return (
    <PublicFrame organization={organization}>
      <BookingView
        reference={reference}
        token={typeof token === "string" ? token : ""}
        clinic={clinicFacts(organization)}
        locale={chooseLocale({ cookie: locale, acceptLanguage: null })}
      />
    </PublicFrame>
  );
}
