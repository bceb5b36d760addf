import type { Locale } from "./locales";

const tags: Record<Locale, string> = { ro: "ro-RO", en: "en-GB" };

/** `25 oct. 2026, 10:00` in the given IANA zone; the instant is RFC 3339. */
export function formatDateTime(instant: string, locale: Locale, timeZone: string): string {
  return new Intl.DateTimeFormat(tags[locale], {
    dateStyle: "medium",
    timeStyle: "short",
    hourCycle: "h23",
    timeZone,
  }).format(new Date(instant));
}

/** `25 oct. 2026` in the given IANA zone. */
export function formatDate(instant: string, locale: Locale, timeZone: string): string {
  return new Intl.DateTimeFormat(tags[locale], { dateStyle: "medium", timeZone }).format(new Date(instant));
}

/** `200,00 RON`: whole minor units, two decimals, the currency as a word behind the number. */
export function formatMoney(minor: number, currency: string, locale: Locale): string {
  const number = new Intl.NumberFormat(tags[locale], {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    useGrouping: "always",
  }).format(minor / 100);
  return `${number} ${currency}`;
}

export function formatNumber(value: number, locale: Locale): string {
  return new Intl.NumberFormat(tags[locale], { useGrouping: "always", maximumFractionDigits: 1 }).format(
    value,
  );
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `acum 2 minute`, `peste 3 zile`; within a minute it is "now". `now` is in milliseconds. */
export function formatRelative(instant: string, locale: Locale, now: number): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(tags[locale], { numeric: "auto" });
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return relative.format(0, "second");
}
