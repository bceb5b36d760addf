"use client";

import { Mail } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { useToast } from "@workspace/ui/toast";
import { invitePatient } from "./actions";

export function InviteButton({ id, again }: { id: string; again: boolean }) {
  const t = useTranslations("patients");
  const toast = useToast();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const invite = () =>
    startTransition(async () => {
      const result = await invitePatient(id);
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
      toast({ text: t("invited") });
      router.refresh();
    });
  return (
    <>
      <Button variant="line" pending={pending} onClick={invite}>
        {pending ? null : <Mail aria-hidden="true" />}
        {again ? t("invite_again") : t("invite")}
      </Button>
      <ProblemNote problem={problem} />
    </>
  );
}
