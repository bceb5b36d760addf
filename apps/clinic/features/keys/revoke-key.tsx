"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { revokeAccessKey } from "./actions";

export function RevokeKey({ id, name }: { id: string; name: string }) {
  const t = useTranslations("keys");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" className="text-danger-text" onClick={() => setOpen(true)}>
        {t("revoke")}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t("revoke_title", { name })}
        description={t("revoke_text")}
        confirm={t("revoke")}
        keep={t("keep")}
        done={t("revoked", { name })}
        action={() => revokeAccessKey(id)}
      />
    </>
  );
}
