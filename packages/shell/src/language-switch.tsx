"use client";

import { useLocale } from "next-intl";
import { useRouter } from "next/navigation";
import { locales, localeNames, type Locale } from "@workspace/i18n/locales";

export function useChangeLocale() {
  const router = useRouter();
  return async (locale: Locale) => {
    await fetch("/api/locale", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ locale }),
    });
    router.refresh();
  };
}

/** Offers the other language by its own name. */
export function LanguageSwitch() {
  const current = useLocale();
  const change = useChangeLocale();
  return locales
    .filter((locale) => locale !== current)
    .map((locale) => (
      <button
        key={locale}
        type="button"
        lang={locale}
        className="link min-h-(--target) px-1"
        onClick={() => void change(locale)}
      >
        {localeNames[locale]}
      </button>
    ));
}
