import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { DomainCard } from "./domain-card";
import { readDomains } from "./queries";

export async function DomainList() {
  const [t, format, loaded] = await Promise.all([getTranslations("domains"), getFormats(), readDomains()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  if (loaded.data.length === 0) {
    return (
      <Card>
        <EmptyState title={t("empty")}>{t("empty_text")}</EmptyState>
      </Card>
    );
  }
  return loaded.data.map((domain) => (
    <DomainCard
      key={domain.id}
      domain={domain}
      facts={
        domain.verified_at
          ? t("verified_at", { time: format.dateTime(domain.verified_at) })
          : domain.last_checked_at
            ? t("checked_at", { time: format.relative(domain.last_checked_at) })
            : t("not_checked")
      }
    />
  ));
}
