"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { currentOrganization } from "@workspace/org/request";
import { domainSchema, type DomainInput } from "./schema";

const id = z.uuid();
const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}/domains`;

export async function addDomain(input: DomainInput): Promise<Result> {
  return attempt(async () => {
    await requireSession("domains.manage");
    await coreWrite<unknown>({ method: "POST", path: await here(), body: domainSchema.parse(input) });
    revalidatePath("/settings/domains");
    return null;
  });
}

export async function verifyDomain(domainId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("domains.manage");
    await coreWrite<unknown>({
      method: "POST",
      path: `${await here()}/${id.parse(domainId)}/verify`,
      body: {},
    });
    revalidatePath("/settings/domains");
    return null;
  });
}

export async function removeDomain(domainId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("domains.manage");
    await coreWrite<null>({ method: "DELETE", path: `${await here()}/${id.parse(domainId)}` });
    revalidatePath("/settings/domains");
    return null;
  });
}
