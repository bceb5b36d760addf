import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { Specialty, Uses } from "./wire";

interface Practising {
  id: string;
  name: string;
  specialty_ids: string[];
}

interface Offered {
  id: string;
  name: string;
  specialty_id: string | null;
}

const all = { page_size: 100 };

/** The specialties in their order, and who uses each of them. */
export const readSpecialties = () =>
  load(async () => {
    const [specialties, specialists, services] = await Promise.all([
      coreRead<Specialty[]>({ path: "/v1/specialties", query: all }),
      coreRead<Practising[]>({ path: "/v1/specialists", query: all }),
      coreRead<Offered[]>({ path: "/v1/services", query: all }),
    ]);
    return specialties.data.map((specialty) => {
      const uses: Uses = {
        specialists: specialists.data
          .filter(({ specialty_ids }) => specialty_ids.includes(specialty.id))
          .map(({ id, name }) => ({ id, name })),
        services: services.data
          .filter(({ specialty_id }) => specialty_id === specialty.id)
          .map(({ id, name }) => ({ id, name })),
      };
      return { specialty, uses };
    });
  });
