"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { formatPhone } from "@workspace/i18n/format";
import { Badge } from "@workspace/ui/badge";
import { Card } from "@workspace/ui/card";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { MergeDialog } from "./merge-dialog";
import { suggestedKeep, type PatientBrief, type PatientPair } from "./wire";

function Facts({ patient, added }: { patient: PatientBrief; added: string }) {
  const t = useTranslations("duplicates");
  const facts = [
    [t("file"), patient.file_number],
    [t("birth_date"), patient.birth_date],
    [t("phone"), patient.phone ? formatPhone(patient.phone) : null],
    [t("email"), patient.email],
    [t("account"), t(`account_state.${patient.account_state}`)],
    [t("added"), added],
  ] as const;
  return (
    <span className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
      {facts.map(([label, value]) => (
        <span key={label} className="contents">
          <span className="text-muted">{label}</span>
          <span className="min-w-0 break-words text-fg tabular-nums">{value ?? "–"}</span>
        </span>
      ))}
    </span>
  );
}

/** Two records side by side; the chosen one stays. */
export function PairCard({ pair, added }: { pair: PatientPair; added: Record<string, string> }) {
  const t = useTranslations("duplicates");
  const [keep, setKeep] = useState(() => suggestedKeep(pair));
  const kept = keep === pair.first.id ? pair.first : pair.second;
  const closed = kept === pair.first ? pair.second : pair.first;
  const name = (patient: PatientBrief) => `${patient.first_name} ${patient.last_name}`;
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-2 border-b border-border px-4 py-2.5">
        <h2 className="font-semibold">{t("score", { score: pair.score })}</h2>
        {pair.equal.map((what) => (
          <Badge key={what} tone="brand">
            {t(`equal.${what}`)}
          </Badge>
        ))}
      </div>
      <div className="flex flex-col gap-4 p-4">
        <RadioGroup
          value={keep}
          onValueChange={setKeep}
          aria-label={t("choose")}
          className="grid gap-3 md:grid-cols-2"
        >
          {[pair.first, pair.second].map((patient) => (
            <RadioCard
              key={patient.id}
              value={patient.id}
              title={name(patient)}
              description={<Facts patient={patient} added={added[patient.id] ?? ""} />}
            />
          ))}
        </RadioGroup>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted">{t("stays", { name: name(kept), file: kept.file_number })}</p>
          <MergeDialog from={closed} into={kept} />
        </div>
      </div>
    </Card>
  );
}
