import "server-only";
import { cache } from "react";
import { load } from "@workspace/api-client/result";
import type { Domain, Invitation, Member, Organization } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";

async function here(): Promise<string> {
  return `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;
}

export const readClinic = cache(() =>
  load(async () => (await coreRead<Organization>({ path: await here() })).data),
);

/** How many people work here; the total comes from the page count, so one row is enough. */
export const countMembers = cache(() =>
  load(async () => {
    const { data, pagination } = await coreRead<Member[]>({
      path: `${await here()}/members`,
      query: { page_size: 1, "role.in": "specialist,customer_support,admin" },
    });
    return pagination?.total ?? data.length;
  }),
);

export const readInvitations = cache(() =>
  load(
    async () =>
      (await coreRead<Invitation[]>({ path: `${await here()}/invitations`, query: { status: "open" } })).data,
  ),
);

export const readDomains = cache(() =>
  load(async () => (await coreRead<Domain[]>({ path: `${await here()}/domains` })).data),
);
