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

/** The specialist that this person signs in as, with where the own pictures are read; null for everybody else. */
export async function readOwnSpecialist(userId: string) {
  const found = await load(async () => {
    const all = await coreRead<Specialist[]>({ path: "/v1/specialists", query: { page_size: 100 } });
    const mine = all.data.find(({ user_id }) => user_id === userId);
    if (!mine) return null;
    const { data, etag } = await coreRead<Specialist>({ path: one(mine.id) });
    const link = data.signature_file_id
      ? (await coreRead<{ url: string }>({ path: `/v1/files/${data.signature_file_id}/download` })).data.url
      : null;
    return {
      id: data.id,
      name: data.name,
      etag: etag ?? "",
      avatar: data.avatar_file_id ? `/api/core/v1/public/files/${data.avatar_file_id}` : null,
      signature: link ? `/api/core${link}` : null,
    };
  });
  return found.ok ? found.data : null;
}
