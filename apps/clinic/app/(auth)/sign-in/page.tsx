import { CalendarCheck, ShieldCheck, Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { SignInPage, type SignInSearch } from "@workspace/shell/sign-in-page";

export default async function Page({ searchParams }: { searchParams: Promise<SignInSearch> }) {
  const t = await getTranslations("welcome");
  const points = [
    { icon: <CalendarCheck aria-hidden="true" />, text: t("point_schedule") },
    { icon: <Users aria-hidden="true" />, text: t("point_team") },
    { icon: <ShieldCheck aria-hidden="true" />, text: t("point_safe") },
  ];
  return (
    <SignInPage
      search={await searchParams}
      home="/"
      description={t("description")}
      after={t("after")}
      aside={{ headline: t("headline"), points }}
    />
  );
}
