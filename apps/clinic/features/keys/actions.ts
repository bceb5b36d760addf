"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import type { AccessKey } from "@workspace/api-client/shapes";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { currentOrganization } from "@workspace/org/request";
import {
  accessKeySchema,
  integrationSchema,
  services,
  type AccessKeyInput,
  type IntegrationInput,
} from "./schema";

const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;

export async function saveIntegration(input: IntegrationInput): Promise<Result> {
  return attempt(async () => {
    await requireSession("keys.manage");
    await coreWrite<unknown>({
      method: "POST",
      path: `${await here()}/api-keys`,
      body: integrationSchema.parse(input),
    });
    revalidatePath("/settings/integrations");
    return null;
  });
}

export async function removeIntegration(service: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("keys.manage");
    await coreWrite<null>({
      method: "DELETE",
      path: `${await here()}/api-keys/${z.enum(services).parse(service)}`,
    });
    revalidatePath("/settings/integrations");
    return null;
  });
}

/** Makes a key; its secret is in this one answer and nowhere else. */
export async function createAccessKey(input: AccessKeyInput): Promise<Result<{ secret: string }>> {
  return attempt(async () => {
    await requireSession("keys.manage");
    const { data } = await coreWrite<AccessKey>({
      method: "POST",
      path: `${await here()}/access-keys`,
      body: accessKeySchema.parse(input),
    });
    revalidatePath("/settings/access-keys");
    return { secret: data.secret ?? "" };
  });
}

export async function revokeAccessKey(keyId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("keys.manage");
    await coreWrite<null>({ method: "DELETE", path: `${await here()}/access-keys/${z.uuid().parse(keyId)}` });
    revalidatePath("/settings/access-keys");
    return null;
  });
}
