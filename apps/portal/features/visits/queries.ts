import "server-only";
import { cache } from "react";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import { splitVisits } from "./order";
import type { Visit } from "./wire";

/** The patient's visits, split at this moment; the latest hundred. */
export const readVisits = cache(() =>
  load(async () => {
    const { data } = await coreRead<Visit[]>({
      path: "/v1/appointments",
      query: { page_size: 100, sort: "-start_at" },
    });
    return splitVisits(data, Date.now());
  }),
);

export const readVisit = (id: string) =>
  load(async () => {
    const { data } = await coreRead<Visit>({ path: `/v1/appointments/${encodeURIComponent(id)}` });
    return data;
  });
