import { ArrowLeft } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { currentOrganization } from "@workspace/org/request";
import { VisitDetail } from "@/features/visits/visit-detail";

export default async function AppointmentPage({ params }: { params: Promise<{ id: string }> }) {
  const [t, { id }, organization] = await Promise.all([
    getTranslations("visits"),
    params,
    currentOrganization(),
  ]);
  if (!organization) notFound();
  const place = [organization.name, organization.address_line, organization.locality]
    .filter(Boolean)
    .join(", ");
  return (
    <main id="main" className="flex flex-col gap-5 px-4 py-6 md:px-0">
      <header>
        <Link href="/appointments" className="link inline-flex min-h-11 items-center gap-2 no-underline">
          <ArrowLeft aria-hidden="true" strokeWidth={1.75} className="size-[18px]" />
          {t("back")}
        </Link>
        <h1 className="text-2xl">{t("visit_title")}</h1>
      </header>
      <VisitDetail id={id} place={place} />
    </main>
  );
}
