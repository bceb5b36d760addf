"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";

const id = z.uuid();

/** The patient says that they will come. */
export async function confirmVisit(visitId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patient.area");
    await coreWrite<unknown>({ method: "POST", path: `/v1/appointments/${id.parse(visitId)}/confirm` });
    revalidatePath("/", "layout");
    return null;
  });
}

/** The patient gives the time back; the API refuses after the agreed instant. */
export async function cancelVisit(visitId: string, reason: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patient.area");
    await coreWrite<unknown>({
      method: "POST",
      path: `/v1/appointments/${id.parse(visitId)}/cancel`,
      body: { reason: reason.slice(0, 500) },
    });
    revalidatePath("/", "layout");
    return null;
  });
}
