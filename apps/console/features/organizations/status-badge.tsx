import { Archive, CircleCheck, CirclePause } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Organization } from "@workspace/api-client/shapes";
import { Badge } from "@workspace/ui/badge";

const looks = {
  active: { tone: "success", icon: <CircleCheck aria-hidden="true" /> },
  suspended: { tone: "warn", icon: <CirclePause aria-hidden="true" /> },
  archived: { tone: "neutral", icon: <Archive aria-hidden="true" /> },
} as const;

export function StatusBadge({ status }: { status: Organization["status"] }) {
  const t = useTranslations("organizations");
  return (
    <Badge tone={looks[status].tone}>
      {looks[status].icon}
      {t(`state.${status}`)}
    </Badge>
  );
}
