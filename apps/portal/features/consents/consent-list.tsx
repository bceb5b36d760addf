import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { EmptyState } from "@workspace/ui/empty-state";
import { ConsentCard } from "./consent-card";
import { readConsents } from "./queries";

/** What this clinic asks the patient to agree to; sharing the record comes first, because it is asked most. */
export async function ConsentList({ clinic }: { clinic: string }) {
  const [t, format, loaded] = await Promise.all([getTranslations("consents"), getFormats(), readConsents()]);
  if (!loaded.ok && loaded.problem.status === 404)
    return <EmptyState title={t("none")}>{t("none_text")}</EmptyState>;
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  if (loaded.data.length === 0) return <EmptyState title={t("nothing")}>{t("nothing_text")}</EmptyState>;
  const first = (type: string) => (type === "profile_sharing" ? 0 : 1);
  const consents = [...loaded.data].sort((a, b) => first(a.type) - first(b.type));
  return (
    <>
      {consents.map((consent) => (
        <ConsentCard
          key={consent.type}
          consent={consent}
          clinic={clinic}
          when={consent.at ? format.dateTime(consent.at) : null}
        />
      ))}
    </>
  );
}
