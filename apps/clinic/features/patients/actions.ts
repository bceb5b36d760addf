"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { ApiError } from "@workspace/api-client/problem";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreRead, coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { bodyOfEntry } from "./entry";
import { entrySchema, newPatientSchema, type EntryInput, type NewPatientInput } from "./schema";
import type { FullPatient } from "./wire";

const uuid = z.uuid();
const one = (id: string) => `/v1/patients/${uuid.parse(id)}`;

const candidatesOf = z.array(z.object({ patient_id: z.uuid(), score: z.number() })).max(100);

/** Somebody who may be the person that is being entered. */
export interface Likely {
  id: string;
  name: string;
  score: number;
  phone: string | null;
  birth_date: string | null;
  file_number: string;
}

/** Adds a patient; the candidates that were looked at are named. Answers the others when there are some. */
export async function addPatient(
  input: NewPatientInput,
  acknowledged: string[],
): Promise<Result<{ id: string } | { likely: Likely[] }>> {
  return attempt(async () => {
    await requireSession("patients.manage");
    try {
      return await addOne(input, acknowledged);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "duplicate_candidates") throw error;
      return { likely: await describe(candidatesOf.parse(error.facts.candidates)) };
    }
  });
}

async function describe(found: z.infer<typeof candidatesOf>): Promise<Likely[]> {
  return Promise.all(
    found.map(async ({ patient_id: id, score }) => {
      const { data } = await coreRead<FullPatient>({ path: one(id) });
      const { phone, birth_date, file_number } = data;
      return { id, score, phone, birth_date, file_number, name: `${data.first_name} ${data.last_name}` };
    }),
  );
}

async function addOne(input: NewPatientInput, acknowledged: string[]): Promise<{ id: string }> {
    const { invite, ...rest } = newPatientSchema.parse(input);
    const { data } = await coreWrite<FullPatient>({
      method: "POST",
      path: "/v1/patients",
      body: {
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "")),
        account: invite ? "invite" : "none",
        acknowledge_duplicates: acknowledged.map((id) => uuid.parse(id)),
      },
    });
    revalidatePath("/patients", "layout");
    return { id: data.id };
}

export async function savePatient(
  id: string,
  input: EntryInput,
  withProfile: boolean,
  ifMatch: string,
): Promise<Result<{ etag: string }>> {
  return attempt(async () => {
    await requireSession("patients.manage");
    const { etag } = await coreWrite<FullPatient>({
      method: "PATCH",
      path: one(id),
      body: bodyOfEntry(entrySchema.parse(input), withProfile),
      ifMatch,
    });
    revalidatePath("/patients", "layout");
    return { etag: etag ?? "" };
  });
}

export async function removePatient(id: string, ifMatch: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patients.manage");
    await coreWrite<null>({ method: "DELETE", path: one(id), ifMatch });
    revalidatePath("/patients", "layout");
    return null;
  });
}

export async function invitePatient(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patients.manage");
    await coreWrite<unknown>({ method: "POST", path: `${one(id)}/invitation` });
    revalidatePath(`/patients/${id}`);
    return null;
  });
}

/** A sealed value in clear. The reason is kept, and the patient sees it. */
export async function revealField(
  id: string,
  field: "cnp" | "insurance_numbers",
  reason: string,
): Promise<Result<{ values: string[] }>> {
  return attempt(async () => {
    await requireSession("patients.manage");
    const { data } = await coreWrite<{ values: string[] }>({
      method: "POST",
      path: `${one(id)}/reveal`,
      body: { field, reason: reason.slice(0, 500) },
    });
    return { values: data.values };
  });
}
