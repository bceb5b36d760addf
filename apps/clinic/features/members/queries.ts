import "server-only";
import { load } from "@workspace/api-client/result";
import type { Invitation, Member } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";
import { staffRoles } from "./schema";

const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;

export const readMembers = (page: number) =>
  load(async () => {
    const { data, pagination } = await coreRead<Member[]>({
      path: `${await here()}/members`,
      query: { page, "role.in": staffRoles.join(",") },
    });
    return {
      members: data,
      total: pagination?.total ?? data.length,
      pages: pagination?.total_pages ?? 1,
      size: pagination?.page_size ?? data.length,
    };
  });

/** Invitations that can still be accepted or sent again. */
export const readInvitations = () =>
  load(async () => {
    const { data } = await coreRead<Invitation[]>({
      path: `${await here()}/invitations`,
      query: { page_size: 100 },
    });
    return data.filter(({ status }) => status === "open" || status === "expired");
  });
