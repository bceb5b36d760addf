import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { Specialty } from "./wire";

export const readSpecialties = () =>
  load(
    async () => (await coreRead<Specialty[]>({ path: "/v1/specialties", query: { page_size: 100 } })).data,
  );
