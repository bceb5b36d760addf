"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useErrorText } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Note } from "@workspace/ui/note";
import { useToast } from "@workspace/ui/toast";
import { undoMerge } from "./actions";
import type { PatientMerge } from "./wire";

/** A merge that can still be taken back, with the last moment for it. */
export function UndoBanner({ merge, until }: { merge: PatientMerge; until: string }) {
  const t = useTranslations("duplicates");
  const toast = useToast();
  const router = useRouter();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const undo = () =>
    startTransition(async () => {
      const result = await undoMerge(merge.id);
      setProblem(result.ok ? null : errorText(result));
      if (!result.ok) return;
      toast({ text: t("undone_toast", { name: merge.from_name }) });
      router.refresh();
    });
  return (
    <Note
      tone="info"
      title={t("merged", { name: merge.from_name, file: merge.from_file_number, into: merge.into_name })}
      actions={
        <Button pending={pending} onClick={undo}>
          {pending ? null : <Undo2 aria-hidden="true" />}
          {t("undo")}
        </Button>
      }
    >
      {t("undo_until", { time: until })}
      {problem ? (
        <p role="alert" className="mt-1 text-danger-text">
          {problem}
        </p>
      ) : null}
    </Note>
  );
}
