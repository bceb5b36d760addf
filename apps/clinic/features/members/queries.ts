import "server-only";
import { load } from "@workspace/api-client/result";
import type { Invitation, Member } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";

const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;

export const readMembers = (page: number) =>
  load(async () => {
    const { data, pagination } = await coreRead<Member[]>({
      path: `${await here()}/members`,
      query: { page },
    });
    return {
      members: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? data.length,
    };
  });

export const readInvitations = () =>
  load(async () => (await coreRead<Invitation[]>({ path: `${await here()}/invitations` })).data);
