"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { minorOf } from "./money";
import { offersSchema, serviceSchema, type ServiceInput } from "./schema";
import type { Offer, Service } from "./wire";

const uuid = z.uuid();
const one = (id: string) => `/v1/services/${uuid.parse(id)}`;

/** Fields of the form have names of their own where the API's are numbers. */
function renamed<T>(result: Result<T>): Result<T> {
  if (result.ok) return result;
  const { duration_min: duration, base_price_minor: price, ...rest } = result.fields;
  return {
    ...result,
    fields: { ...rest, ...(duration ? { duration } : {}), ...(price ? { amount: price } : {}) },
  };
}

function bodyOf(input: ServiceInput) {
  const {
    duration,
    price,
    amount,
    specialty_id: specialty,
    description,
    ...rest
  } = serviceSchema.parse(input);
  return {
    ...rest,
    description: description === "" ? null : description,
    specialty_id: specialty === "" ? null : specialty,
    duration_min: duration === "" ? null : Number(duration),
    base_price_minor: price === "amount" ? minorOf(amount) : price === "free" ? 0 : null,
  };
}

/** Adds a service and answers the id. */
export async function createService(input: ServiceInput): Promise<Result<{ id: string }>> {
  return renamed(
    await attempt(async () => {
      await requireSession("catalogue.manage");
      const body = Object.fromEntries(Object.entries(bodyOf(input)).filter(([, value]) => value !== null));
      const { data } = await coreWrite<Service>({ method: "POST", path: "/v1/services", body });
      revalidatePath("/services", "layout");
      return { id: data.id };
    }),
  );
}

export async function saveService(
  id: string,
  input: ServiceInput,
  ifMatch: string,
): Promise<Result<{ etag: string }>> {
  return renamed(
    await attempt(async () => {
      await requireSession("catalogue.manage");
      const { etag } = await coreWrite<Service>({
        method: "PATCH",
        path: one(id),
        body: bodyOf(input),
        ifMatch,
      });
      revalidatePath("/services", "layout");
      return { etag: etag ?? "" };
    }),
  );
}

export async function removeService(id: string, ifMatch: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    await coreWrite<null>({ method: "DELETE", path: one(id), ifMatch });
    revalidatePath("/services", "layout");
    return null;
  });
}

/** Replaces who offers the service. The version is read again first: the form beside it may just have saved. */
export async function saveOffers(id: string, offers: Offer[]): Promise<Result> {
  return attempt(async () => {
    await requireSession("catalogue.manage");
    const { etag } = await coreWrite<Service>({ path: one(id) });
    await coreWrite<unknown>({
      method: "PUT",
      path: `${one(id)}/specialists`,
      body: { specialists: offersSchema.parse(offers) },
      ifMatch: etag,
    });
    revalidatePath("/services", "layout");
    return null;
  });
}
