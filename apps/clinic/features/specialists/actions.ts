"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import {
  overrideSchema,
  specialistSchema,
  weekSchema,
  type OverrideInput,
  type SpecialistInput,
} from "./schema";
import type { Specialist, WeekHours } from "./wire";

const uuid = z.uuid();
const one = (id: string) => `/v1/specialists/${uuid.parse(id)}`;

const orNull = (value: string) => (value === "" ? null : value);

function bodyOf(input: SpecialistInput) {
  const rest = specialistSchema.omit({ specialty_ids: true }).parse(input);
  return {
    ...rest,
    title: orNull(rest.title),
    description: orNull(rest.description),
    email: orNull(rest.email),
    phone: orNull(rest.phone),
    stamp_number: orNull(rest.stamp_number),
    scheduling_timezone: orNull(rest.scheduling_timezone),
    colour: orNull(rest.colour),
  };
}

/** Adds a specialist and answers the id. */
export async function createSpecialist(input: SpecialistInput): Promise<Result<{ id: string }>> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    const body = Object.fromEntries(Object.entries(bodyOf(input)).filter(([, value]) => value !== null));
    const { data } = await coreWrite<Specialist>({
      method: "POST",
      path: "/v1/specialists",
      body: { ...body, specialty_ids: input.specialty_ids.map((id) => uuid.parse(id)) },
    });
    revalidatePath("/specialists", "layout");
    return { id: data.id };
  });
}

/** Saves the profile, then what the specialist practises; answers the new version. */
export async function saveSpecialist(
  id: string,
  input: SpecialistInput,
  ifMatch: string,
): Promise<Result<{ etag: string }>> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    const saved = await coreWrite<Specialist>({
      method: "PATCH",
      path: one(id),
      body: bodyOf(input),
      ifMatch,
    });
    const wanted = input.specialty_ids.map((each) => uuid.parse(each)).sort();
    const same = wanted.join() === [...saved.data.specialty_ids].sort().join();
    const last = same
      ? saved
      : await coreWrite<Specialist>({
          method: "PUT",
          path: `${one(id)}/specialties`,
          body: { specialty_ids: wanted },
          ifMatch: saved.etag,
        });
    revalidatePath("/specialists", "layout");
    return { etag: last.etag ?? "" };
  });
}

export async function removeSpecialist(id: string, ifMatch: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    await coreWrite<null>({ method: "DELETE", path: one(id), ifMatch });
    revalidatePath("/specialists", "layout");
    return null;
  });
}

/** Replaces the week. The API lets a specialist change the own one. */
export async function saveHours(id: string, hours: WeekHours["hours"]): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.read");
    await coreWrite<unknown>({
      method: "PUT",
      path: `${one(id)}/hours`,
      body: { hours: weekSchema.parse(hours) },
    });
    revalidatePath(`/specialists/${id}/hours`);
    return null;
  });
}

export async function addOverride(id: string, input: OverrideInput): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.read");
    const { reason, ...rest } = overrideSchema.parse(input);
    await coreWrite<unknown>({
      method: "POST",
      path: `${one(id)}/date-overrides`,
      body: { ...rest, ...(reason ? { reason } : {}) },
    });
    revalidatePath(`/specialists/${id}/hours`);
    return null;
  });
}

export async function removeOverride(id: string, overrideId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.read");
    await coreWrite<null>({ method: "DELETE", path: `${one(id)}/date-overrides/${uuid.parse(overrideId)}` });
    revalidatePath(`/specialists/${id}/hours`);
    return null;
  });
}
