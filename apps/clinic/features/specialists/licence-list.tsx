"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import type { Locale } from "@workspace/i18n/locales";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { removeLicence } from "./licence-actions";
import { LicenceDialog } from "./licence-dialog";
import { LicenceRow } from "./licence-row";
import type { Licence, LicenceIssuer, StaffMember } from "./wire";

export interface LicenceListProps {
  specialistId: string;
  licences: Licence[];
  issuers: LicenceIssuer[];
  staff: StaffMember[];
  locale: Locale;
  zone: string;
}

/** The licences of a specialist with the days that are left, and what can be done with them. */
export function LicenceList({ specialistId, licences, issuers, staff, locale, zone }: LicenceListProps) {
  const t = useTranslations("specialists");
  const [editing, setEditing] = useState<Licence | "new" | null>(null);
  const [removing, setRemoving] = useState<Licence | null>(null);
  const add = (
    <Button variant="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden="true" />
      {t("licence.add")}
    </Button>
  );
  return (
    <Card>
      <CardHeader
        title={t("licence.list")}
        mark={licences.length > 0 ? licences.length : undefined}
        description={t("licence.list_text")}
        actions={licences.length > 0 ? add : null}
      />
      {licences.length === 0 ? (
        <EmptyState title={t("licence.empty")} action={add}>
          {t("licence.empty_text")}
        </EmptyState>
      ) : (
        <ul>
          {licences.map((licence) => (
            <LicenceRow
              key={licence.id}
              specialistId={specialistId}
              licence={licence}
              issuer={issuers.find(({ code }) => code === licence.issuer_code)}
              verifier={staff.find(({ id }) => id === licence.verified_by)?.name}
              locale={locale}
              zone={zone}
              onEdit={() => setEditing(licence)}
              onRemove={() => setRemoving(licence)}
            />
          ))}
        </ul>
      )}
      {editing ? (
        <LicenceDialog
          specialistId={specialistId}
          licence={editing === "new" ? null : editing}
          issuers={issuers}
          onClose={() => setEditing(null)}
        />
      ) : null}
      {removing ? (
        <ConfirmDialog
          open
          onOpenChange={(open) => (open ? undefined : setRemoving(null))}
          title={t("licence.remove_title", { name: `${removing.issuer_code} ${removing.number}` })}
          description={t("licence.remove_text")}
          confirm={t("licence.remove")}
          keep={t("keep")}
          done={t("licence.removed")}
          action={() => removeLicence(specialistId, { id: removing.id, version: removing.row_version })}
        />
      ) : null}
    </Card>
  );
}
