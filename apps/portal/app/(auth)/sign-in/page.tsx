import { Activity, CalendarCheck, FileCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { SignInPage, type SignInSearch } from "@workspace/shell/sign-in-page";

export default async function Page({ searchParams }: { searchParams: Promise<SignInSearch> }) {
  const t = await getTranslations("welcome");
  const points = [
    { icon: <CalendarCheck aria-hidden="true" />, text: t("point_visits") },
    { icon: <Activity aria-hidden="true" />, text: t("point_exercises") },
    { icon: <FileCheck aria-hidden="true" />, text: t("point_documents") },
  ];
  return (
    <SignInPage
      search={await searchParams}
      home="/home"
      description={t("description")}
      after={t("after")}
      aside={{ headline: t("headline"), points }}
    />
  );
}
