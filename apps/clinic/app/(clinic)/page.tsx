import { getTranslations } from "next-intl/server";
import { pageSession } from "@workspace/auth/session";
import { Page } from "@workspace/shell/page";
import { ClinicFacts } from "@/features/dashboard/clinic-facts";
import { GettingStarted } from "@/features/dashboard/getting-started";

export default async function DashboardPage() {
  const [t, session] = await Promise.all([getTranslations("dashboard"), pageSession()]);
  const name = session.me.name.split(" ")[0];
  return (
    <Page title={t("title")}>
      <p className="text-xl font-semibold tracking-(--track-title)">
        {name ? t("greeting", { name }) : t("greeting_plain")}
      </p>
      <ClinicFacts />
      {session.can("settings.manage") ? <GettingStarted /> : null}
    </Page>
  );
}
