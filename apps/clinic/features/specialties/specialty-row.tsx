"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { removeSpecialty } from "./actions";
import { SpecialtyDialog } from "./specialty-dialog";
import type { Specialty } from "./wire";

export function SpecialtyRow({ specialty, mayManage }: { specialty: Specialty; mayManage: boolean }) {
  const t = useTranslations("specialties");
  const [removing, setRemoving] = useState(false);
  const { title } = specialty;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-border px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 font-medium">
          {title}
          {specialty.active ? null : <Badge>{t("inactive")}</Badge>}
        </p>
        {specialty.description ? <p className="text-muted">{specialty.description}</p> : null}
      </div>
      {mayManage ? (
        <div className="flex gap-1">
          <SpecialtyDialog specialty={specialty}>
            <Button variant="quiet" size="icon" aria-label={t("edit_of", { title })}>
              <Pencil aria-hidden="true" />
            </Button>
          </SpecialtyDialog>
          <Button
            variant="quiet"
            size="icon"
            aria-label={t("remove_of", { title })}
            onClick={() => setRemoving(true)}
          >
            <Trash2 aria-hidden="true" />
          </Button>
        </div>
      ) : null}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("remove_title", { title })}
        description={t("remove_text")}
        confirm={t("remove")}
        keep={t("keep")}
        done={t("removed", { title })}
        action={() => removeSpecialty(specialty.id, specialty.row_version)}
      />
    </li>
  );
}
