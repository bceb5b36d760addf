import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import { apiQuery, type PatientQuery } from "./list-query";
import type { ConsentAct, FullPatient, Visit } from "./wire";

const one = (id: string) => `/v1/patients/${encodeURIComponent(id)}`;

export const readPatients = (query: PatientQuery) =>
  load(async () => {
    const { data, pagination } = await coreRead<FullPatient[]>({
      path: "/v1/patients",
      query: { ...apiQuery(query), page: query.page },
    });
    return {
      patients: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? data.length,
    };
  });

/** All rows of a list for a file, at most ten thousand. */
export async function readAllPatients(query: PatientQuery): Promise<FullPatient[]> {
  const out: FullPatient[] = [];
  for (let page = 1; page <= 100; page++) {
    const { data, pagination } = await coreRead<FullPatient[]>({
      path: "/v1/patients",
      query: { ...apiQuery(query), page, page_size: 100 },
    });
    out.push(...data);
    if (page >= (pagination?.total_pages ?? 1)) break;
  }
  return out;
}

/** One patient with the version a change has to name. */
export const readPatient = (id: string) =>
  load(async () => {
    const { data, etag } = await coreRead<FullPatient>({ path: one(id) });
    return { patient: data, etag: etag ?? "" };
  });

export const readPatientVisits = (id: string) =>
  load(
    async () =>
      (
        await coreRead<Visit[]>({
          path: "/v1/appointments",
          query: { patient_id: id, sort: "-start_at", page_size: 50 },
        })
      ).data,
  );

export const readPatientConsents = (id: string) =>
  load(
    async () =>
      (await coreRead<ConsentAct[]>({ path: "/v1/consents", query: { patient_id: id, page_size: 50 } })).data,
  );
