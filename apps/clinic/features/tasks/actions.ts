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
