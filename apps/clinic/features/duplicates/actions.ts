"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreRead, coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import type { PatientMoved } from "./wire";

const uuid = z.uuid();

/** What merging would move, before anybody decides. */
export async function previewMerge(from: string, into: string): Promise<Result<PatientMoved[]>> {
  return attempt(async () => {
    await requireSession("patients.manage");
    const { data } = await coreRead<{ moves: PatientMoved[] }>({
      path: "/v1/patients/merge-preview",
      query: { from: uuid.parse(from), into: uuid.parse(into) },
    });
    return data.moves;
  });
}

export async function mergePatients(from: string, into: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patients.manage");
    await coreWrite<unknown>({
      method: "POST",
      path: "/v1/patients/merge",
      body: { from_patient_id: uuid.parse(from), into_patient_id: uuid.parse(into) },
    });
    revalidatePath("/patients", "layout");
    return null;
  });
}

export async function undoMerge(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("patients.manage");
    await coreWrite<unknown>({ method: "POST", path: `/v1/patient-merges/${uuid.parse(id)}/undo` });
    revalidatePath("/patients", "layout");
    return null;
  });
}
