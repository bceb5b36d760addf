"use server";

import { revalidatePath } from "next/cache";
import { attempt, within, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { bodyOf } from "./record";
import { recordSchema, type RecordInput } from "./schema";

/** Saves the own record; answers the new version. */
export async function saveRecord(input: RecordInput, ifMatch: string): Promise<Result<{ etag: string }>> {
  const result = await attempt(async () => {
    await requireSession("patient.area");
    const { etag } = await coreWrite<unknown>({
      method: "PATCH",
      path: "/v1/me/profile",
      body: bodyOf(recordSchema.parse(input)),
      ifMatch,
    });
    revalidatePath("/profile", "layout");
    return { etag: etag ?? "" };
  });
  return within("residence.", result);
}
