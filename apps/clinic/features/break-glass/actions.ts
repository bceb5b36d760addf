"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";

/** Closes the clinic to the operator at once. */
export async function endGrant(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("breakglass.read");
    await coreWrite<null>({ method: "DELETE", path: `/v1/admin/break-glass/${z.uuid().parse(id)}` });
    revalidatePath("/settings/break-glass");
    return null;
  });
}
