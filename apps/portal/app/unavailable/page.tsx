import { getTranslations } from "next-intl/server";
import { PlainPage } from "@workspace/shell/plain-page";

/** Shown while the Core API does not answer; the proxy answers 503 with it. */
export default async function UnavailablePage() {
  const t = await getTranslations("states");
  return (
    <PlainPage
      title={t("unavailable_title")}
      action={
        <a className="link" href="">
          {t("retry")}
        </a>
      }
    >
      {t("unavailable_text")}
    </PlainPage>
  );
}
