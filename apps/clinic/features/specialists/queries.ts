import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { DateOverride, Specialist, Specialty, WeekHours } from "./wire";

const one = (id: string) => `/v1/specialists/${encodeURIComponent(id)}`;

export const readSpecialists = () =>
  load(
    async () => (await coreRead<Specialist[]>({ path: "/v1/specialists", query: { page_size: 100 } })).data,
  );

/** One specialist with the version a change has to name. */
export const readSpecialist = (id: string) =>
  load(async () => {
    const { data, etag } = await coreRead<Specialist>({ path: one(id) });
    return { specialist: data, etag: etag ?? "" };
  });

export const readSpecialties = () =>
  load(
    async () => (await coreRead<Specialty[]>({ path: "/v1/specialties", query: { page_size: 100 } })).data,
  );

/** The week and the exceptions from a local day on. */
export const readHours = (id: string, from: string) =>
  load(async () => {
    const [week, overrides] = await Promise.all([
      coreRead<WeekHours>({ path: `${one(id)}/hours` }),
      coreRead<DateOverride[]>({ path: `${one(id)}/date-overrides`, query: { from, page_size: 100 } }),
    ]);
    return { week: week.data, etag: week.etag ?? "", overrides: overrides.data };
  });
