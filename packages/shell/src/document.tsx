import "server-only";
import { cookies } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import type { CSSProperties, ReactNode } from "react";
import { AuthProvider } from "@workspace/auth/driver/provider";
import { brandVars } from "@workspace/org/brand";
import { currentOrganization, pageNonce } from "@workspace/org/request";
import { StyleNonce } from "@workspace/ui/nonce";
import { Providers } from "./providers";
import { readTheme, systemThemeScript, themeCookie } from "./theme";

/** The root of every page: language, theme, density and the clinic's colours stand in the first HTML. */
export async function Document({
  children,
  density,
}: {
  children: ReactNode;
  density: "compact" | "comfortable";
}) {
  const [locale, organization, nonce, jar, t] = await Promise.all([
    getLocale(),
    currentOrganization(),
    pageNonce(),
    cookies(),
    getTranslations("common"),
  ]);
  const theme = readTheme(jar.get(themeCookie)?.value);
  const style: CSSProperties = { ...(organization ? brandVars(organization.branding) : {}) };
  return (
    <html
      lang={locale}
      className={theme === "dark" ? "dark" : undefined}
      style={style}
      {...(density === "compact" ? { "data-density": "compact" } : {})}
      suppressHydrationWarning
    >
      <head>
        {theme === "system" ? (
          <script
            nonce={nonce}
            suppressHydrationWarning
            dangerouslySetInnerHTML={{ __html: systemThemeScript }}
          />
        ) : null}
      </head>
      <body>
        <a
          href="#main"
          className="sr-only z-50 rounded-md bg-overlay px-4 py-2 focus-visible:not-sr-only focus-visible:fixed focus-visible:top-2 focus-visible:left-2"
        >
          {t("skip_to_content")}
        </a>
        <StyleNonce nonce={nonce} />
        <AuthProvider>
          <NextIntlClientProvider>
            <Providers>{children}</Providers>
          </NextIntlClientProvider>
        </AuthProvider>
      </body>
    </html>
  );
}
