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
    const { description, slug, ...rest } = specialtySchema.parse(input);
    await coreWrite<unknown>(
      row
        ? {
            method: "PATCH",
            path: `/v1/specialties/${uuid.parse(row.id)}`,
            body: {
              ...rest,
              slug: slug === "" ? null : slug,
              description: description === "" ? null : description,
            },
            ifMatch: etag(row.version),
          }
        : {
            method: "POST",
            path: "/v1/specialties",
            body: {
              ...rest,
              ...(slug === "" ? {} : { slug }),
              ...(description === "" ? {} : { description }),
            },
          },
    );
    revalidatePath("/specialties");
    return null;
  });
}

/** A row as the order names it: which one, its version, and where it stands. */
export interface Placed {
  id: string;
  version: number;
  sort_order: number;
}

/** Puts the rows in the order in which they are named; rows that stand right already are left alone. */
export async function orderSpecialties(rows: Placed[]): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    for (const [index, row] of rows.slice(0, 100).entries()) {
      const place = (index + 1) * 10;
      if (row.sort_order === place) continue;
      await coreWrite<unknown>({
        method: "PATCH",
        path: `/v1/specialties/${uuid.parse(row.id)}`,
        body: { sort_order: place },
        ifMatch: etag(row.version),
      });
    }
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
