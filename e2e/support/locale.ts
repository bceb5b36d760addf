import type { BrowserContext } from "@playwright/test";
import type { Site } from "./stack";
import type { Locale } from "./words";

/** Sets the language of the browser profile on one host, as its language switch does. */
export async function speak(context: BrowserContext, site: Site, locale: Locale): Promise<void> {
  await context.addCookies([
    {
      name: "__Host-rx-locale",
      value: locale,
      url: site.origin,
      secure: true,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
}
