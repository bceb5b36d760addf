import { Activity, Building2, Lock } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { SignInPage, type SignInSearch } from "@workspace/shell/sign-in-page";

export default async function Page({ searchParams }: { searchParams: Promise<SignInSearch> }) {
  const t = await getTranslations("welcome");
  const points = [
    { icon: <Building2 aria-hidden="true" />, text: t("point_clinics") },
    { icon: <Activity aria-hidden="true" />, text: t("point_health") },
    { icon: <Lock aria-hidden="true" />, text: t("point_privacy") },
  ];
  return (
    <SignInPage
      search={await searchParams}
      home="/"
      description={t("description")}
      after={t("after")}
      aside={{ headline: t("headline"), points }}
      platformName="RestartiX Console"
    />
  );
}
