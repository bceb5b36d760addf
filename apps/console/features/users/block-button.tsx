"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { blockUser, unblockUser } from "./actions";

const shortestReason = 10;

export function BlockButton({ id, email, blocked }: { id: string; email: string; blocked: boolean }) {
  const t = useTranslations("users");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="quiet"
        className={blocked ? undefined : "text-danger-text"}
        onClick={() => setOpen(true)}
      >
        {blocked ? t("unblock") : t("block")}
      </Button>
      {blocked ? (
        <ConfirmDialog
          open={open}
          onOpenChange={setOpen}
          title={t("unblock_title", { email })}
          description={t("unblock_text")}
          confirm={t("unblock")}
          keep={t("unblock_keep")}
          done={t("unblock_done", { email })}
          tone="primary"
          action={() => unblockUser(id)}
        />
      ) : (
        <ConfirmDialog
          open={open}
          onOpenChange={setOpen}
          title={t("block_title", { email })}
          description={t("block_text")}
          confirm={t("block")}
          keep={t("block_keep")}
          done={t("block_done", { email })}
          reason={{ label: t("block_reason"), min: shortestReason }}
          action={(reason) => blockUser(id, reason)}
        />
      )}
    </>
  );
}
