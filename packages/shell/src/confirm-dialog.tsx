"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition, type FormEvent, type ReactNode } from "react";
import type { Result } from "@workspace/api-client/result";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Textarea } from "@workspace/ui/textarea";
import { useToast } from "@workspace/ui/toast";

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A question that names the thing. */
  title: ReactNode;
  description?: ReactNode;
  /** The verb, also on the button. */
  confirm: string;
  keep: string;
  done: string;
  tone?: "danger" | "primary";
  /** Asks for a reason of at least that many characters. */
  reason?: { label: string; min: number };
  action: (reason: string) => Promise<Result<unknown>>;
}

/** A short question that blocks; the safe button has the focus, buttons repeat the verb. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirm,
  keep,
  done,
  tone = "danger",
  reason,
  action,
}: ConfirmDialogProps) {
  const common = useTranslations("common");
  const validation = useTranslations("validation");
  const router = useRouter();
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const short = reason !== undefined && text.trim().length < reason.min;

  const change = (next: boolean) => {
    if (!next) {
      setProblem(null);
      setText("");
      setAsked(false);
    }
    onOpenChange(next);
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (short) return;
    startTransition(async () => {
      const result = await action(text.trim());
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      change(false);
      toast({ text: done });
      router.refresh();
    });
  };

  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent title={title} description={description} closeLabel={common("close")}>
        <form method="post" onSubmit={submit} className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          {reason ? (
            <Field
              label={reason.label}
              help={validation("at_least", { count: reason.min })}
              error={asked && short ? validation("at_least", { count: reason.min }) : undefined}
            >
              <Textarea name="reason" value={text} onChange={(event) => setText(event.target.value)} />
            </Field>
          ) : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button autoFocus>{keep}</Button>
            </DialogClose>
            <Button type="submit" variant={tone === "danger" ? "danger-solid" : "primary"} pending={pending}>
              {confirm}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
