import type { BrowserContext } from "@playwright/test";
import type { Site } from "./stack";
import type { Locale } from "./words";

/** Sets the language of the browser profile on one host, as its language switch does. */
export async function speak(context: BrowserContext, site: Site, locale: Locale): Promise<void> {
  // Chromium takes a cookie with this prefix by its domain only, though it has none afterwards.
  await context.addCookies([
    {
      name: "__Host-rx-locale",
      value: locale,
      domain: site.host.replace(/:\d+$/, ""),
      path: "/",
      expires: Math.floor(Date.now() / 1000) + 24 * 3600,
      secure: true,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
}
