import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { OwnProfile } from "./wire";

/** The own record with the version a change has to name. */
export const readRecord = () =>
  load(async () => {
    const { data, etag } = await coreRead<OwnProfile>({ path: "/v1/me/profile" });
    return { record: data, etag: etag ?? "" };
  });
