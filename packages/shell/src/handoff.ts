"use server";

import { z } from "zod";
import { authPaths, type Handoff } from "@workspace/api-client/auth-shapes";
import { attempt, type Result } from "@workspace/api-client/result";
import { appName } from "@workspace/auth/app-name";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";

/** Gets a one-time code for the same person at another clinic; the answer is the address that redeems it. */
export async function openClinic(organizationId: string): Promise<Result<string>> {
  return attempt(async () => {
    await requireSession();
    const { data } = await coreWrite<Handoff>({
      method: "POST",
      path: authPaths.handoff,
      body: { organization_id: z.uuid().parse(organizationId), app: appName() },
    });
    return data.url;
  });
}
