import "server-only";
import { load } from "@workspace/api-client/result";
import type { BreakGlassGrant } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";

/** The last hundred times the platform let an operator into the clinic, newest first. */
export const readGrants = () =>
  load(async () => {
    const { data } = await coreRead<BreakGlassGrant[]>({
      path: `/v1/organizations/${(await currentOrganization())?.id ?? ""}/break-glass`,
      query: { page_size: 100 },
    });
    return data.sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  });
