export const locales = ["ro", "en"] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = "ro";
/** Only this host can set it: a sibling site must not choose the language. */
export const localeCookie = "__Host-rx-locale";
export const localeNames: Record<Locale, string> = { ro: "Română", en: "English" };

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The best of our languages for an Accept-Language header; null when it names none of them. */
export function negotiate(acceptLanguage: string | null): Locale | null {
  const wishes = (acceptLanguage ?? "")
    .split(",")
    .map((part, order) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.split("-")[0], weight: quality === undefined ? 1 : Number(quality), order };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.order - b.order);
  for (const { language } of wishes) if (isLocale(language)) return language;
  return null;
}

/** Order of product rules: what was chosen here, the profile, the clinic, the browser. */
export function chooseLocale(sources: {
  cookie?: unknown;
  user?: unknown;
  clinic?: unknown;
  acceptLanguage: string | null;
}): Locale {
  for (const candidate of [sources.cookie, sources.user, sources.clinic])
    if (isLocale(candidate)) return candidate;
  return negotiate(sources.acceptLanguage) ?? defaultLocale;
}
