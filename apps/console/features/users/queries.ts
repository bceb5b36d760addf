import "server-only";
import { load } from "@workspace/api-client/result";
import type { AdminUser } from "@workspace/api-client/shapes";
import { coreRead } from "@workspace/auth/core";

export const searchUsers = (search: string) =>
  load(async () => (await coreRead<AdminUser[]>({ path: "/v1/admin/users", query: { search } })).data);
