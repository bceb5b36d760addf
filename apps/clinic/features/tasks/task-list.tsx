import { getNow, getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { readTasks } from "./queries";
import { TaskRow } from "./task-row";
import { TaskWatch } from "./task-watch";
import type { Task } from "./wire";

const address = (state: Task["state"], page: number) => `/tasks?state=${state}&page=${page}`;

export async function TaskList({ state, page }: { state: Task["state"]; page: number }) {
  const [t, format, now, loaded] = await Promise.all([
    getTranslations("tasks"),
    getFormats(),
    getNow(),
    readTasks(state, page),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const { tasks, total, pages, size } = loaded.data;
  const factsOf = (task: Task) => {
    if (task.closed_at) return t("closed_at", { time: format.dateTime(task.closed_at) });
    return task.due_at
      ? t("due_at", { time: format.dateTime(task.due_at) })
      : t("made_at", { time: format.dateTime(task.created_at) });
  };
  return (
    <Card>
      <TaskWatch />
      <CardHeader title={state === "open" ? t("open_list") : t("closed_list")} mark={format.number(total)} />
      {tasks.length === 0 ? (
        <EmptyState title={state === "open" ? t("empty") : t("empty_closed")}>
          {state === "open" ? t("empty_text") : t("empty_closed_text")}
        </EmptyState>
      ) : (
        <ul>
          {tasks.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              facts={factsOf(task)}
              overdue={
                task.state === "open" && task.due_at !== null && Date.parse(task.due_at) < now.getTime()
              }
            />
          ))}
        </ul>
      )}
      {pages > 1 ? (
        <Pagination
          label={t("pages")}
          summary={t("range", {
            from: format.number((page - 1) * size + 1),
            to: format.number(Math.min(page * size, total)),
            total: format.number(total),
          })}
          previousLabel={t("previous")}
          nextLabel={t("next")}
          previousHref={page > 1 ? address(state, page - 1) : undefined}
          nextHref={page < pages ? address(state, page + 1) : undefined}
        />
      ) : null}
    </Card>
  );
}
