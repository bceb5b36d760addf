import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card } from "@workspace/ui/card";
import { IntegrationRow } from "./integration-row";
import { readIntegrations } from "./queries";
import { services } from "./schema";

export async function IntegrationList() {
  const [t, format, loaded] = await Promise.all([getTranslations("keys"), getFormats(), readIntegrations()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      <ul>
        {services.map((service) => {
          const kept = loaded.data.find((one) => one.service === service);
          return (
            <IntegrationRow
              key={service}
              service={service}
              last4={kept?.last4 ?? null}
              facts={kept ? t("since", { date: format.date(kept.created_at) }) : ""}
            />
          );
        })}
      </ul>
    </Card>
  );
}
