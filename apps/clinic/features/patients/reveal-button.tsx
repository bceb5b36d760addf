"use client";

import { Eye } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { revealField } from "./actions";

export interface RevealButtonProps {
  id: string;
  field: "cnp" | "insurance_numbers";
  masked: string;
  allowed: boolean;
}

/** A sealed value: masked until somebody says why, and only on this page. */
export function RevealButton({ id, field, masked, allowed }: RevealButtonProps) {
  const t = useTranslations("patients");
  const [asking, setAsking] = useState(false);
  const [values, setValues] = useState<string[] | null>(null);
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="tabular-nums" aria-live="polite">
        {values ? values.join(" · ") : masked}
      </span>
      {values ? <span className="text-xs text-muted">{t("revealed")}</span> : null}
      {allowed && !values ? (
        <Button variant="line" onClick={() => setAsking(true)}>
          <Eye aria-hidden="true" />
          {t("reveal")}
        </Button>
      ) : null}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("reveal_title")}
        description={t("reveal_text")}
        confirm={t("reveal_confirm")}
        keep={t("reveal_keep")}
        done={t("revealed")}
        tone="primary"
        reason={{ label: t("reveal_reason"), min: 10 }}
        action={async (reason) => {
          const result = await revealField(id, field, reason);
          if (result.ok) setValues(result.data.values);
          return result;
        }}
      />
    </span>
  );
}
