"use client";

import { Mail } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { useErrorText } from "@workspace/i18n/error-text";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { useToast } from "@workspace/ui/toast";
import { resendInvitation, revokeInvitation } from "./actions";

export interface InvitationRowProps {
  id: string;
  email: string;
  role: string;
  /** Already written out: sent when, by whom, valid until. */
  facts: string;
  expired: boolean;
}

export function InvitationRow({ id, email, role, facts, expired }: InvitationRowProps) {
  const t = useTranslations("members");
  const toast = useToast();
  const errorText = useErrorText();
  const [revoking, setRevoking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const resend = () =>
    startTransition(async () => {
      const result = await resendInvitation(id);
      setProblem(result.ok ? null : errorText(result));
      if (result.ok) toast({ text: t("resent", { email }) });
    });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-4 py-2.5 last:border-b-0">
      <Mail aria-hidden="true" strokeWidth={1.75} className="size-(--icon) shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span className="truncate">{email}</span>
          <Badge>{role}</Badge>
          {expired ? <Badge tone="warn">{t("expired")}</Badge> : null}
        </p>
        <p className="text-xs text-muted tabular-nums">{facts}</p>
        {problem ? (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        ) : null}
      </div>
      <Button variant="line" onClick={resend} pending={pending}>
        {t("resend")}
      </Button>
      <Button variant="quiet" className="text-danger-text" onClick={() => setRevoking(true)}>
        {t("revoke")}
      </Button>
      <ConfirmDialog
        open={revoking}
        onOpenChange={setRevoking}
        title={t("revoke_title", { email })}
        description={t("revoke_text")}
        confirm={t("revoke")}
        keep={t("revoke_keep")}
        done={t("revoked", { email })}
        action={() => revokeInvitation(id)}
      />
    </li>
  );
}
