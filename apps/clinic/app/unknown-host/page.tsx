import { getTranslations } from "next-intl/server";
import { PlainPage } from "@workspace/shell/plain-page";

/** Shown on a host without a clinic; the proxy answers 404 with it. */
export default async function UnknownHostPage() {
  const t = await getTranslations("states");
  return <PlainPage title={t("unknown_host_title")}>{t("unknown_host_text")}</PlainPage>;
}
