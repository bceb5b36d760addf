import { useTranslations } from "next-intl";
import { VisitState, type VisitStatus } from "@workspace/ui/visit-state";

/** The state of a visit: word, icon and shape; colour comes fourth. */
export function VisitBadge({ status }: { status: VisitStatus }) {
  const t = useTranslations("visit_states");
  return <VisitState status={status}>{t(status)}</VisitState>;
}
