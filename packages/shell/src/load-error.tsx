"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import type { LoadProblem } from "@workspace/api-client/result";
import { useErrorReference, useErrorText } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { ErrorState } from "@workspace/ui/error-state";
import { ForbiddenView } from "./forbidden-view";

/** A read that failed: refused for the role, or an error with its code, request id and another try. */
export function LoadError({ problem }: { problem: LoadProblem }) {
  const t = useTranslations("states");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const text = useErrorText();
  const reference = useErrorReference();
  if (problem.status === 403) return <ForbiddenView code={problem.code} />;
  return (
    <ErrorState
      title={t("error_title")}
      detail={text(problem)}
      reference={reference(problem)}
      retry={
        <Button pending={pending} onClick={() => startTransition(() => router.refresh())}>
          {t("retry")}
        </Button>
      }
    />
  );
}
