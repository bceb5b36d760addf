"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { grantSchema, type GrantInput } from "./schema";

export async function openGrant(input: GrantInput): Promise<Result> {
  return attempt(async () => {
    await requireSession("platform.manage");
    const { organization_id, reason, ttl } = grantSchema.parse(input);
    await coreWrite<unknown>({
      method: "POST",
      path: "/v1/admin/break-glass",
      body: { organization_id, reason, ttl_minutes: Number(ttl) },
    });
    revalidatePath(`/organizations/${organization_id}`);
    return null;
  });
}

export async function endGrant(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("platform.manage");
    await coreWrite<null>({ method: "DELETE", path: `/v1/admin/break-glass/${z.uuid().parse(id)}` });
    revalidatePath("/organizations", "layout");
    return null;
  });
}
