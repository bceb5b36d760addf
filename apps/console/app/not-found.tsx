import { getTranslations } from "next-intl/server";
import { PlainPage } from "@workspace/shell/plain-page";

export default async function NotFound() {
  const t = await getTranslations("states");
  return (
    <PlainPage
      title={t("missing_title")}
      action={
        <a className="link" href="/">
          {t("to_start")}
        </a>
      }
    >
      {t("missing_text")}
    </PlainPage>
  );
}
