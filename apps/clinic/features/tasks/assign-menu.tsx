"use client";

import { UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { useErrorText } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@workspace/ui/dropdown-menu";
import { useToast } from "@workspace/ui/toast";
import { changeTask } from "./actions";
import type { Task, TaskAssignee } from "./wire";

const hour = 3_600_000;
const delays = { in_4_hours: 4 * hour, in_a_day: 24 * hour, in_a_week: 7 * 24 * hour } as const;
const names = ["in_4_hours", "in_a_day", "in_a_week"] as const;

/** Gives a task to me, to somebody else or to nobody, and moves its end. */
export function AssignMenu({
  task,
  people,
  me,
  onProblem,
}: {
  task: Task;
  people: TaskAssignee[];
  me: string;
  onProblem: (problem: string | null) => void;
}) {
  const t = useTranslations("tasks");
  const toast = useToast();
  const router = useRouter();
  const errorText = useErrorText();
  const [pending, startTransition] = useTransition();
  const change = (what: Parameters<typeof changeTask>[2]) =>
    startTransition(async () => {
      const result = await changeTask(task.id, task.row_version, what);
      onProblem(result.ok ? null : errorText(result));
      if (result.ok) toast({ text: t("changed_toast") });
      router.refresh();
    });
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="line" pending={pending}>
          {pending ? null : <UserRound aria-hidden="true" />}
          {t("assign")}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {task.assignee_id === me ? null : (
          <DropdownMenuItem onSelect={() => change({ assignee: me })}>{t("assign_me")}</DropdownMenuItem>
        )}
        {people
          .filter((each) => each.user_id !== me && each.user_id !== task.assignee_id)
          .map((each) => (
            <DropdownMenuItem key={each.user_id} onSelect={() => change({ assignee: each.user_id })}>
              {each.name}
            </DropdownMenuItem>
          ))}
        {task.assignee_id ? (
          <DropdownMenuItem onSelect={() => change({ assignee: null })}>
            {t("assign_nobody")}
          </DropdownMenuItem>
        ) : null}
        <DropdownMenuSeparator />
        {names.map((name) => (
          <DropdownMenuItem
            key={name}
            onSelect={() => change({ due: new Date(Date.now() + delays[name]).toISOString() })}
          >
            {t(`due_choice.${name}`)}
          </DropdownMenuItem>
        ))}
        {task.due_at ? (
          <DropdownMenuItem onSelect={() => change({ due: null })}>{t("due_choice.never")}</DropdownMenuItem>
        ) : null}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
