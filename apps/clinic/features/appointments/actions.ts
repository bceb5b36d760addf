"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { onboardSchema, type OnboardInput } from "./schema";
import type { Appointment, Patient } from "./wire";

const id = z.uuid();
const key = z.uuid();

/** Notes on behalf of the patient that they will come. */
export async function confirmAppointment(appointmentId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("appointments.read");
    await coreWrite<unknown>({ method: "POST", path: `/v1/appointments/${id.parse(appointmentId)}/confirm` });
    revalidatePath("/", "layout");
    return null;
  });
}

export async function cancelAppointment(appointmentId: string, reason: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("appointments.read");
    await coreWrite<unknown>({
      method: "POST",
      path: `/v1/appointments/${id.parse(appointmentId)}/cancel`,
      body: { reason: reason.slice(0, 500) },
    });
    revalidatePath("/", "layout");
    return null;
  });
}

/** Makes the appointment of a patient out of a guest's booking. The key makes a repeated click the same act. */
export async function onboardAppointment(
  appointmentId: string,
  input: OnboardInput,
  idempotencyKey: string,
): Promise<Result<{ account: string }>> {
  return attempt(async () => {
    await requireSession("appointments.onboard");
    const { patient_id: patient, new_patient: fresh, ...rest } = onboardSchema.parse(input);
    const { data } = await coreWrite<Appointment & { account?: string }>({
      method: "POST",
      path: `/v1/appointments/${id.parse(appointmentId)}/onboard`,
      body: {
        ...rest,
        ...(patient ? { patient_id: patient } : {}),
        ...(fresh
          ? { new_patient: { ...fresh, ...(fresh.email ? { email: fresh.email } : { email: undefined }) } }
          : {}),
      },
      idempotencyKey: key.parse(idempotencyKey),
    });
    revalidatePath("/", "layout");
    return { account: data.account ?? "none" };
  });
}

/** Looks for a patient by name, phone, e-mail or file number. */
export async function searchPatients(text: string): Promise<Result<Patient[]>> {
  return attempt(async () => {
    await requireSession("appointments.onboard");
    const search = text.trim().slice(0, 200);
    if (search.length < 2) return [];
    const { data } = await coreWrite<Patient[]>({ path: "/v1/patients", query: { search, page_size: 8 } });
    return data;
  });
}
