"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { specialtySchema, type SpecialtyInput } from "./schema";

const uuid = z.uuid();
/** The version of a row as the API names it in If-Match. */
const etag = (version: number) => `"${z.number().int().parse(version)}"`;

/** Adds a specialty, or changes the one that is named with its version. */
export async function saveSpecialty(
  input: SpecialtyInput,
  row: { id: string; version: number } | null,
): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    const { description, ...rest } = specialtySchema.parse(input);
    await coreWrite<unknown>(
      row
        ? {
            method: "PATCH",
            path: `/v1/specialties/${uuid.parse(row.id)}`,
            body: { ...rest, description: description === "" ? null : description },
            ifMatch: etag(row.version),
          }
        : {
            method: "POST",
            path: "/v1/specialties",
            body: { ...rest, ...(description === "" ? {} : { description }) },
          },
    );
    revalidatePath("/specialties");
    return null;
  });
}

export async function removeSpecialty(id: string, version: number): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    await coreWrite<null>({
      method: "DELETE",
      path: `/v1/specialties/${uuid.parse(id)}`,
      ifMatch: etag(version),
    });
    revalidatePath("/specialties");
    return null;
  });
}
