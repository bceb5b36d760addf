import "server-only";
import { load } from "@workspace/api-client/result";
import type { Domain, Organization } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";

export const readOrganizations = (page: number, search: string) =>
  load(async () => {
    const { data, pagination } = await coreRead<Organization[]>({
      path: "/v1/organizations",
      query: { page, search: search.length >= 2 ? search : undefined },
    });
    return {
      organizations: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? data.length,
    };
  });

export const readOrganization = (id: string) =>
  load(async () => {
    const { data, etag } = await coreRead<Organization>({
      path: `/v1/organizations/${encodeURIComponent(id)}`,
    });
    return { organization: data, etag: etag ?? "" };
  });

export const readDomains = (id: string) =>
  load(
    async () =>
      (await coreRead<Domain[]>({ path: `/v1/organizations/${encodeURIComponent(id)}/domains` })).data,
  );
