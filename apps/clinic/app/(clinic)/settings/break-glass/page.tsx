import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { GrantTable } from "@/features/break-glass/grant-table";

/** Where the mail about an emergency access leads. */
export default async function BreakGlassPage() {
  await requirePage("breakglass.read");
  const t = await getTranslations("break_glass");
  return (
    <Page title={t("title")} description={t("text")}>
      <GrantTable />
    </Page>
  );
}
