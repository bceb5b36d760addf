"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { endGrant } from "./actions";

export function EndGrant({ id, operator }: { id: string; operator: string }) {
  const t = useTranslations("break_glass");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {t("end")}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t("end_title", { operator })}
        description={t("end_text")}
        confirm={t("end")}
        keep={t("keep")}
        done={t("ended_done")}
        action={() => endGrant(id)}
      />
    </>
  );
}
