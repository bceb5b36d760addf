import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { PatientMerge, PatientPair } from "./wire";

export const readPairs = (page: number) =>
  load(async () => {
    const { data, pagination } = await coreRead<PatientPair[]>({
      path: "/v1/patients/duplicates",
      query: { page, page_size: 10 },
    });
    return {
      pairs: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? 10,
    };
  });

export const readMerges = () =>
  load(
    async () =>
      (await coreRead<PatientMerge[]>({ path: "/v1/patient-merges", query: { page_size: 25 } })).data,
  );
