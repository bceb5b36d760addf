import "server-only";
import { load } from "@workspace/api-client/result";
import type { Organization } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";

/** The clinic with the version its changes must name. */
export const readClinic = () =>
  load(async () => {
    const { data, etag } = await coreRead<Organization>({
      path: `/v1/organizations/${(await currentOrganization())?.id ?? ""}`,
    });
    return { clinic: data, etag: etag ?? "" };
  });
