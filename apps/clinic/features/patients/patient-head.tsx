import { Archive } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { formatPhone, phoneHref } from "@workspace/i18n/format";
import { Avatar } from "@workspace/ui/avatar";
import { Badge } from "@workspace/ui/badge";
import { Card } from "@workspace/ui/card";
import { AccountBadge } from "./account-badge";
import type { FullPatient } from "./wire";

/** Who the record is about, and how to reach them. */
export async function PatientHead({ patient }: { patient: FullPatient }) {
  const t = await getTranslations("patients");
  const name = `${patient.first_name} ${patient.last_name}`;
  return (
    <Card className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-4">
      <Avatar name={name} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate text-lg font-semibold">{name}</p>
        <p className="text-muted tabular-nums">{t("file", { number: patient.file_number })}</p>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {patient.phone ? (
          <a className="link tabular-nums" href={phoneHref(patient.phone)}>
            {formatPhone(patient.phone)}
          </a>
        ) : null}
        {patient.email ? (
          <a className="link" href={`mailto:${patient.email}`}>
            {patient.email}
          </a>
        ) : null}
        <AccountBadge state={patient.account_state} />
        {patient.status === "archived" ? (
          <Badge>
            <Archive aria-hidden="true" />
            {t("status_archived")}
          </Badge>
        ) : null}
      </div>
    </Card>
  );
}
