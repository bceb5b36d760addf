import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { VisitList } from "@/features/visits/visit-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("visits");
  return { title: t("title") };
}

export default async function AppointmentsPage() {
  const t = await getTranslations("visits");
  return (
    <main id="main" className="flex flex-col gap-5 px-4 py-6 md:px-0">
      <h1 className="text-2xl">{t("title")}</h1>
      <VisitList />
    </main>
  );
}
