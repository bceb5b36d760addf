"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";

const kind = z.string().regex(/^[a-z_]{3,40}$/);
const one = (type: string) => `/v1/me/consents/${kind.parse(type)}`;

/** Agrees to the text that was shown. */
export async function grantConsent(type: string, version: number): Promise<Result> {
  return attempt(async () => {
    await requireSession("patient.area");
    await coreWrite<unknown>({
      method: "POST",
      path: `${one(type)}/grant`,
      body: { accepted: true, policy_version: z.int().positive().parse(version) },
    });
    revalidatePath("/profile", "layout");
    return null;
  });
}

export async function withdrawConsent(type: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patient.area");
    await coreWrite<unknown>({ method: "POST", path: `${one(type)}/withdraw`, body: {} });
    revalidatePath("/profile", "layout");
    return null;
  });
}
