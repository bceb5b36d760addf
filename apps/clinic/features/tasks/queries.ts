import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { Task } from "./wire";

export const readTasks = (state: Task["state"], page: number) =>
  load(async () => {
    const { data, pagination } = await coreRead<Task[]>({
      path: "/v1/tasks",
      query: { state, page, page_size: 25 },
    });
    return {
      tasks: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? 25,
    };
  });
