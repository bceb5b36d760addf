import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import type { OwnConsent } from "./wire";

export const readConsents = () =>
  load(async () => (await coreRead<OwnConsent[]>({ path: "/v1/me/consents" })).data);
