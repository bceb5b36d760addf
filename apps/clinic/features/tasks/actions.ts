"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";

const uuid = z.uuid();

export async function closeTask(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("tasks.manage");
    await coreWrite<unknown>({ method: "POST", path: `/v1/tasks/${uuid.parse(id)}/close` });
    revalidatePath("/tasks");
    return null;
  });
}

const assignment = z.object({ assignee: z.uuid().nullable(), due: z.iso.datetime().nullable() }).partial();

/** Gives the task to somebody or moves its end; version is the one that was on the screen. */
export async function changeTask(
  id: string,
  version: number,
  change: z.infer<typeof assignment>,
): Promise<Result> {
  return attempt(async () => {
    await requireSession("tasks.assign");
    const { assignee, due } = assignment.parse(change);
    await coreWrite<unknown>({
      method: "PATCH",
      path: `/v1/tasks/${uuid.parse(id)}`,
      body: {
        ...(assignee === undefined ? {} : { assignee_id: assignee }),
        ...(due === undefined ? {} : { due_at: due }),
      },
      ifMatch: `"${z.number().int().parse(version)}"`,
    });
    revalidatePath("/tasks");
    return null;
  });
}
