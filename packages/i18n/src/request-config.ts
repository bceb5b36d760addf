import { cookies, headers } from "next/headers";
import type { AbstractIntlMessages } from "next-intl";
import { chooseLocale, localeCookie, type Locale } from "./locales";

export interface LocaleSources {
  user: string | null;
  clinic: string | null;
  timeZone: string | null;
}

/** Makes next-intl's request configuration: language without a locale in the address, zone of the clinic. */
export function requestConfig(
  sources: () => Promise<LocaleSources>,
  messages: (locale: Locale) => AbstractIntlMessages,
) {
  return async () => {
    const [jar, incoming, more] = await Promise.all([cookies(), headers(), sources()]);
    const locale = chooseLocale({
      cookie: jar.get(localeCookie)?.value,
      user: more.user,
      clinic: more.clinic,
      acceptLanguage: incoming.get("accept-language"),
    });
    return {
      locale,
      messages: messages(locale),
      timeZone: more.timeZone ?? "Europe/Bucharest",
      // One "now" for the server and the first render in the browser: "3 s ago" must not differ between them.
      now: new Date(),
    };
  };
}
