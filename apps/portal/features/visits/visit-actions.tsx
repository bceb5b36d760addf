"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { useToast } from "@workspace/ui/toast";
import { cancelVisit, confirmVisit } from "./actions";

export interface VisitActionsProps {
  id: string;
  allowed: string[];
  /** When the visit is, in words, for the questions. */
  when: string;
  /** Only confirm; the detail page has the rest. */
  short?: boolean;
}

/** What the patient may do with a visit now; what the API does not allow is not offered. */
export function VisitActions({ id, allowed, when, short = false }: VisitActionsProps) {
  const t = useTranslations("visits");
  const toast = useToast();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [asking, setAsking] = useState(false);
  const confirm = () =>
    startTransition(async () => {
      const result = await confirmVisit(id);
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
      toast({ text: t("confirmed_toast") });
      router.refresh();
    });
  return (
    <>
      {allowed.includes("confirm") ? (
        <Button
          variant={short ? "outline" : "primary"}
          className="flex-1"
          pending={pending}
          onClick={confirm}
        >
          {pending ? null : <Check aria-hidden="true" />}
          {t("confirm")}
        </Button>
      ) : null}
      {!short && allowed.includes("cancel") ? (
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t("cancel")}
        </Button>
      ) : null}
      {problem ? (
        <div className="w-full">
          <ProblemNote problem={problem} />
        </div>
      ) : null}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("cancel_title", { when })}
        description={t("cancel_text")}
        confirm={t("cancel")}
        keep={t("cancel_keep")}
        done={t("cancelled_toast")}
        action={(reason) => cancelVisit(id, reason)}
      />
    </>
  );
}
