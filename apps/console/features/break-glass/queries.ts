import "server-only";
import { load } from "@workspace/api-client/result";
import type { BreakGlassGrant } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";

/** Every grant of one clinic, newest first. */
export const readGrants = (organizationId: string) =>
  load(async () => {
    const { data } = await coreRead<BreakGlassGrant[]>({
      path: "/v1/admin/break-glass",
      query: { organization_id: organizationId },
    });
    return data.sort((a, b) => b.created_at.localeCompare(a.created_at));
  });
