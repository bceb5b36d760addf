"use client";

import { ArrowRight, Check, Phone, Users } from "lucide-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useErrorText } from "@workspace/i18n/error-text";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { useToast } from "@workspace/ui/toast";
import { closeTask } from "./actions";
import { taskHref, taskKinds, type Task } from "./wire";

export interface TaskRowProps {
  task: Task;
  /** Already written out: due when, or closed when. */
  facts: string;
  overdue: boolean;
}

export function TaskRow({ task, facts, overdue }: TaskRowProps) {
  const t = useTranslations("tasks");
  const toast = useToast();
  const router = useRouter();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const kind = taskKinds.find((known) => known === task.kind);
  const title = kind ? t(`kind.${kind}`) : t("kind_other");
  const href = taskHref(task);
  const Icon = task.kind === "confirm_by_phone" ? Phone : Users;
  const close = () =>
    startTransition(async () => {
      const result = await closeTask(task.id);
      setProblem(result.ok ? null : errorText(result));
      if (!result.ok) return;
      toast({ text: t("closed_toast", { title }) });
      router.refresh();
    });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-4 py-2.5 last:border-b-0">
      <Icon aria-hidden="true" strokeWidth={1.75} className="size-(--icon) shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {title}
          {overdue ? <Badge tone="danger">{t("overdue")}</Badge> : null}
        </p>
        <p className="text-xs text-muted tabular-nums">{facts}</p>
        {problem ? (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        ) : null}
      </div>
      {task.state === "open" && href ? (
        <Button asChild variant="line">
          <Link href={href}>
            {t("open")}
            <ArrowRight aria-hidden="true" />
          </Link>
        </Button>
      ) : null}
      {task.state === "open" ? (
        <Button variant="outline" pending={pending} onClick={close}>
          {pending ? null : <Check aria-hidden="true" />}
          {t("close")}
        </Button>
      ) : null}
    </li>
  );
}
