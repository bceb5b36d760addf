import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { Named, Service } from "./wire";

export const readServices = () =>
  load(async () => (await coreRead<Service[]>({ path: "/v1/services", query: { page_size: 100 } })).data);

/** One service with the version a change has to name. */
export const readService = (id: string) =>
  load(async () => {
    const { data, etag } = await coreRead<Service>({ path: `/v1/services/${encodeURIComponent(id)}` });
    return { service: data, etag: etag ?? "" };
  });

/** Names for the choices of the form: specialties and specialists. */
export const readChoices = () =>
  load(async () => {
    const [specialties, specialists] = await Promise.all([
      coreRead<{ id: string; title: string; active: boolean }[]>({
        path: "/v1/specialties",
        query: { page_size: 100 },
      }),
      coreRead<Named[]>({ path: "/v1/specialists", query: { page_size: 100 } }),
    ]);
    return {
      specialties: specialties.data.map(({ id, title }): Named => ({ id, name: title })),
      specialists: specialists.data.map(({ id, name }): Named => ({ id, name })),
    };
  });
