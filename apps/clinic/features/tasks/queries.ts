import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { Task, TaskAssignee, TaskQuery } from "./wire";

export const readTasks = ({ state, assignee, due, page }: TaskQuery) =>
  load(async () => {
    const { data, pagination } = await coreRead<Task[]>({
      path: "/v1/tasks",
      query: {
        state,
        page,
        page_size: 25,
        ...(assignee === "all" ? {} : { assignee }),
        ...(due === "any" ? {} : { due }),
      },
    });
    return {
      tasks: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? 25,
    };
  });

export const readAssignees = () =>
  load(async () => (await coreRead<TaskAssignee[]>({ path: "/v1/tasks/assignees" })).data);
