import "server-only";
import { load } from "@workspace/api-client/result";
import type { Member } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";
import { listParams, type ListQuery } from "./list-query";
import type {
  DateOverride,
  Licence,
  LicenceIssuer,
  OfferedService,
  Specialist,
  Specialty,
  WeekHours,
} from "./wire";

const one = (id: string) => `/v1/specialists/${encodeURIComponent(id)}`;

/** One page of the list. */
export const readSpecialists = (query: ListQuery, size = 25) =>
  load(async () => {
    const { data, pagination } = await coreRead<Specialist[]>({
      path: "/v1/specialists",
      query: listParams(query, size),
    });
    return {
      specialists: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? size,
    };
  });

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

/** The usual week. */
export const readWeek = (id: string) =>
  load(async () => (await coreRead<WeekHours>({ path: `${one(id)}/hours` })).data);

/** The exceptions of some days, both included. */
export const readOverrides = (id: string, from: string, to: string) =>
  load(
    async () =>
      (
        await coreRead<DateOverride[]>({
          path: `${one(id)}/date-overrides`,
          query: { from, to, page_size: 100 },
        })
      ).data,
  );

/** The licences, the one that holds longest first. */
export const readLicences = (id: string) =>
  load(
    async () => (await coreRead<Licence[]>({ path: `${one(id)}/licences`, query: { page_size: 100 } })).data,
  );

export const readIssuers = () =>
  load(async () => (await coreRead<LicenceIssuer[]>({ path: "/v1/licence-issuers" })).data);

/** The services that the specialist offers, as the clinic sees them. */
export const readOffered = (id: string) =>
  load(async () => {
    const { data } = await coreRead<OfferedService[]>({ path: "/v1/services", query: { page_size: 100 } });
    return data.filter(({ specialists }) => specialists.some((offer) => offer.specialist_id === id));
  });

/** Who works in the clinic and may be linked as a specialist's login. */
export const readStaff = () =>
  load(async () => {
    const clinic = (await currentOrganization())?.id ?? "";
    const { data } = await coreRead<Member[]>({
      path: `/v1/organizations/${clinic}/members`,
      query: { page_size: 100, "role.in": "specialist,customer_support,admin" },
    });
    return data.map(({ user_id, name, email }) => ({ id: user_id, name, email }));
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
