"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { ApiError } from "@workspace/api-client/problem";
import { attempt, type Result } from "@workspace/api-client/result";
import type { Organization } from "@workspace/api-client/shapes";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { createSchema, type CreateInput } from "./schema";

/** True when no active clinic answers under this slug. The API has the last word when the clinic is created. */
export async function slugIsFree(slug: string): Promise<Result<boolean>> {
  return attempt(async () => {
    await requireSession("platform.manage");
    try {
      await coreWrite<unknown>({
        path: "/v1/public/organizations/resolve",
        query: { slug: z.string().max(63).parse(slug) },
      });
      return false;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return true;
      throw error;
    }
  });
}

export async function createOrganization(input: CreateInput): Promise<Result<{ id: string }>> {
  return attempt(async () => {
    await requireSession("platform.manage");
    const { data } = await coreWrite<Organization>({
      method: "POST",
      path: "/v1/organizations",
      body: createSchema.parse(input),
    });
    revalidatePath("/organizations");
    return { id: data.id };
  });
}

export async function archiveOrganization(id: string, ifMatch: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("platform.manage");
    await coreWrite<null>({ method: "DELETE", path: `/v1/organizations/${z.uuid().parse(id)}`, ifMatch });
    revalidatePath("/organizations", "layout");
    return null;
  });
}
