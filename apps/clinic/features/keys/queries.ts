import "server-only";
import { load } from "@workspace/api-client/result";
import type { AccessKey, Integration } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";

const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;

export const readIntegrations = () =>
  load(async () => (await coreRead<Integration[]>({ path: `${await here()}/api-keys` })).data);
export const readAccessKeys = () =>
  load(async () =>
    (
      await coreRead<AccessKey[]>({ path: `${await here()}/access-keys`, query: { page_size: 100 } })
    ).data.filter((key) => key.revoked_at === null),
  );
