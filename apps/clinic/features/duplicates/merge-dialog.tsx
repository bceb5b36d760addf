"use client";

import { Merge } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useErrorText } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Note } from "@workspace/ui/note";
import { useToast } from "@workspace/ui/toast";
import { mergePatients, previewMerge } from "./actions";
import { movedKind, type PatientBrief, type PatientMoved } from "./wire";

/** Says what will move and what becomes of the closed record, then asks. */
export function MergeDialog({ from, into }: { from: PatientBrief; into: PatientBrief }) {
  const t = useTranslations("duplicates");
  const common = useTranslations("common");
  const toast = useToast();
  const router = useRouter();
  const errorText = useErrorText();
  const [open, setOpen] = useState(false);
  const [moves, setMoves] = useState<PatientMoved[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const name = `${from.first_name} ${from.last_name}`;
  const kept = `${into.first_name} ${into.last_name}`;
  const show = (next: boolean) => {
    setOpen(next);
    if (!next) return;
    setMoves(null);
    setProblem(null);
    startTransition(async () => {
      const result = await previewMerge(from.id, into.id);
      if (result.ok) setMoves(result.data);
      else setProblem(errorText(result));
    });
  };
  const merge = () =>
    startTransition(async () => {
      const result = await mergePatients(from.id, into.id);
      setProblem(result.ok ? null : errorText(result));
      if (!result.ok) return;
      toast({ text: t("merged_toast", { name, into: kept }) });
      setOpen(false);
      router.refresh();
    });
  return (
    <Dialog open={open} onOpenChange={show}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Merge aria-hidden="true" />
          {t("merge")}
        </Button>
      </DialogTrigger>
      <DialogContent
        title={t("merge_title", { file: from.file_number, into: into.file_number })}
        description={t("merge_text", { name, into: kept })}
        closeLabel={common("close")}
      >
        {problem ? (
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        ) : null}
        {moves ? (
          <ul className="list-disc pl-5">
            {moves.map((each) => (
              <li key={each.table}>{t(`moves.${movedKind(each.table)}`, { count: each.count })}</li>
            ))}
            {moves.length === 0 ? <li>{t("moves_nothing")}</li> : null}
          </ul>
        ) : null}
        <ul className="list-disc pl-5 text-muted">
          <li>{t("closes", { file: from.file_number })}</li>
          <li>{t("links_end")}</li>
          <li>{t("undo_days")}</li>
        </ul>
        <DialogFooter>
          <DialogClose asChild>
            <Button>{common("cancel")}</Button>
          </DialogClose>
          <Button variant="danger" pending={pending} disabled={moves === null} onClick={merge}>
            {t("merge_now")}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
