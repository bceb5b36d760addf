import { getRequestConfig } from "next-intl/server";
import { sessionLocale } from "@workspace/auth/session";
import { requestConfig } from "@workspace/i18n/request-config";
import { currentOrganization } from "@workspace/org/request";
import { messagesOf } from "./messages";

export default getRequestConfig(
  requestConfig(async () => {
    const [organization, user] = await Promise.all([currentOrganization(), sessionLocale()]);
    return { user, clinic: organization?.language_code ?? null, timeZone: organization?.timezone ?? null };
  }, messagesOf),
);
