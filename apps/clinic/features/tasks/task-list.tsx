import { getNow, getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { readAssignees, readTasks } from "./queries";
import { TaskRow } from "./task-row";
import { TaskWatch } from "./task-watch";
import { taskAddress, type Task, type TaskQuery } from "./wire";

export async function TaskList({
  query,
  me,
  mayAssign,
}: {
  query: TaskQuery;
  me: string;
  mayAssign: boolean;
}) {
  const { state, page } = query;
  const [t, format, now, loaded, people] = await Promise.all([
    getTranslations("tasks"),
    getFormats(),
    getNow(),
    readTasks(query),
    mayAssign ? readAssignees() : null,
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  if (people && !people.ok) return <LoadError problem={people.problem} />;
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
              people={people?.data ?? null}
              me={me}
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
          previousHref={page > 1 ? taskAddress({ ...query, page: page - 1 }) : undefined}
          nextHref={page < pages ? taskAddress({ ...query, page: page + 1 }) : undefined}
        />
      ) : null}
    </Card>
  );
}
