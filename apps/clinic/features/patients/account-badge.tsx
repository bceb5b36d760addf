import { CircleCheck, CircleDashed, Mail } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Badge } from "@workspace/ui/badge";
import type { FullPatient } from "./wire";

export async function AccountBadge({ state }: { state: FullPatient["account_state"] }) {
  const t = await getTranslations("patients");
  switch (state) {
    case "active":
      return (
        <Badge tone="success">
          <CircleCheck aria-hidden="true" />
          {t("account_active")}
        </Badge>
      );
    case "invited":
      return (
        <Badge tone="info">
          <Mail aria-hidden="true" />
          {t("account_invited")}
        </Badge>
      );
    case "none":
      return (
        <Badge>
          <CircleDashed aria-hidden="true" />
          {t("account_none")}
        </Badge>
      );
  }
}
