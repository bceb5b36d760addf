import { CalendarDays, FileCheck2, FileX2 } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { VisitState } from "@workspace/ui/visit-state";
import { readPatientConsents, readPatientVisits } from "./queries";
import { timelineOf, type Moment } from "./timeline";

/** What happened with a patient at this clinic. `withConsents` is false for roles that do not read them. */
export async function TimelineCard({ id, withConsents }: { id: string; withConsents: boolean }) {
  const [t, visits, consents] = await Promise.all([
    getTranslations("patients"),
    readPatientVisits(id),
    withConsents ? readPatientConsents(id) : null,
  ]);
  if (!visits.ok) return <LoadError problem={visits.problem} />;
  if (consents && !consents.ok) return <LoadError problem={consents.problem} />;
  const moments = timelineOf(visits.data, consents?.data ?? []);
  return (
    <Card>
      <CardHeader title={t("timeline")} />
      {moments.length === 0 ? (
        <EmptyState title={t("timeline_empty")}>{t("timeline_empty_text")}</EmptyState>
      ) : (
        <ol className="flex flex-col">
          {moments.map((moment) => (
            <TimelineRow key={moment.id} moment={moment} />
          ))}
        </ol>
      )}
    </Card>
  );
}

async function TimelineRow({ moment }: { moment: Moment }) {
  const [t, consent, states, format] = await Promise.all([
    getTranslations("patients"),
    getTranslations("consent_names"),
    getTranslations("visit_states"),
    getFormats(),
  ]);
  const row = (icon: ReactNode, title: string, more: ReactNode) => (
    <li className="flex items-start gap-3 border-b border-border px-4 py-3 last:border-b-0">
      <span className="mt-0.5 grid size-8 shrink-0 place-items-center rounded-full bg-sunken text-muted [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="text-muted tabular-nums">{format.dateTime(moment.at)}</p>
      </div>
      <div className="shrink-0 text-right text-xs text-muted">{more}</div>
    </li>
  );
  if (moment.kind === "visit") {
    const { visit } = moment;
    return row(
      <CalendarDays aria-hidden="true" />,
      t("visit", { service: visit.service_name ?? t("a_visit"), specialist: visit.specialist_name }),
      <VisitState status={visit.status}>{states(visit.status)}</VisitState>,
    );
  }
  const { act } = moment;
  const title = consent.has(act.type) ? consent(act.type) : act.type;
  return act.status === "granted"
    ? row(
        <FileCheck2 aria-hidden="true" />,
        t("consent_granted", { title }),
        act.policy_version ? t("version", { version: act.policy_version }) : null,
      )
    : row(
        <FileX2 aria-hidden="true" />,
        t("consent_withdrawn", { title }),
        act.caused_by ? t("fell_along") : null,
      );
}
