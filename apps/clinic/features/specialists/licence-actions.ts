"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { licenceSchema, type LicenceInput } from "./schema";

const uuid = z.uuid();
const etag = (version: number) => `"${z.number().int().parse(version)}"`;

/** A licence as an action names it: which one, and the version that was seen. */
export interface LicenceRef {
  id: string;
  version: number;
}

const all = (specialist: string) => `/v1/specialists/${uuid.parse(specialist)}/licences`;
const one = (specialist: string, row: LicenceRef) => `${all(specialist)}/${uuid.parse(row.id)}`;
const page = (specialist: string) => `/specialists/${specialist}/licences`;

/** Enters a licence, or changes the one that is named with its version. */
export async function saveLicence(
  specialist: string,
  input: LicenceInput,
  row: LicenceRef | null,
): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    const { issued_on: issued, ...rest } = licenceSchema.parse(input);
    await coreWrite<unknown>(
      row
        ? {
            method: "PATCH",
            path: one(specialist, row),
            body: { ...rest, issued_on: issued === "" ? null : issued },
            ifMatch: etag(row.version),
          }
        : {
            method: "POST",
            path: all(specialist),
            body: { ...rest, ...(issued === "" ? {} : { issued_on: issued }) },
          },
    );
    revalidatePath(page(specialist));
    return null;
  });
}

/** Notes that the licence was compared with its document or register, or takes that back. */
export async function verifyLicence(specialist: string, row: LicenceRef, verified: boolean): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    await coreWrite<unknown>({
      method: "PUT",
      path: `${one(specialist, row)}/verification`,
      body: { verified: z.boolean().parse(verified) },
      ifMatch: etag(row.version),
    });
    revalidatePath(page(specialist));
    return null;
  });
}

export async function removeLicence(specialist: string, row: LicenceRef): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    await coreWrite<null>({ method: "DELETE", path: one(specialist, row), ifMatch: etag(row.version) });
    revalidatePath(page(specialist));
    return null;
  });
}
