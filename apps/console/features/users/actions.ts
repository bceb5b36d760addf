"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";

export async function blockUser(id: string, reason: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("platform.manage");
    const body = { blocked: true, reason: z.string().trim().min(10).max(1000).parse(reason) };
    await coreWrite<unknown>({ method: "PATCH", path: `/v1/admin/users/${z.uuid().parse(id)}`, body });
    revalidatePath("/users");
    return null;
  });
}

export async function unblockUser(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("platform.manage");
    await coreWrite<unknown>({
      method: "PATCH",
      path: `/v1/admin/users/${z.uuid().parse(id)}`,
      body: { blocked: false },
    });
    revalidatePath("/users");
    return null;
  });
}
