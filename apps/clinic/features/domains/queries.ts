import "server-only";
import { load } from "@workspace/api-client/result";
import type { Domain } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";
import { currentOrganization } from "@workspace/org/request";

export const readDomains = () =>
  load(
    async () =>
      (
        await coreRead<Domain[]>({
          path: `/v1/organizations/${(await currentOrganization())?.id ?? ""}/domains`,
        })
      ).data,
  );
