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

/** `13:00` in the given IANA zone. */
export function formatTime(instant: string | number, locale: Locale, timeZone: string): string {
  return new Intl.DateTimeFormat(tags[locale], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).format(new Date(instant));
}

const dayStyles = {
  /** `Marți, 3 februarie 2026` */
  full: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  /** `Marți, 3 februarie` */
  long: { weekday: "long", day: "numeric", month: "long" },
  /** `mar., 3 feb.` */
  short: { weekday: "short", day: "numeric", month: "short" },
  /** `3 februarie` */
  plain: { day: "numeric", month: "long" },
  /** `mar.` */
  weekday: { weekday: "short" },
  /** `Marți` */
  weekdayLong: { weekday: "long" },
  /** `feb.` */
  month: { month: "short" },
  /** `Februarie 2026` */
  monthYear: { month: "long", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DayStyle = keyof typeof dayStyles;
const capital: readonly DayStyle[] = ["full", "long", "monthYear", "weekdayLong"];

/** A local date, `YYYY-MM-DD`, in words; the long styles begin with a capital as headings do. */
export function formatDay(date: string, locale: Locale, style: DayStyle): string {
  const text = new Intl.DateTimeFormat(tags[locale], { ...dayStyles[style], timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );
  return capital.includes(style) ? text.charAt(0).toLocaleUpperCase(locale) + text.slice(1) : text;
}

/** `45 min`, `1 h`, `1 h 05 min`. */
export function formatDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, "0")} min`;
}

const cityNames: Record<string, string> = {
  Bucharest: "București",
  Chisinau: "Chișinău",
  London: "Londra",
  Rome: "Roma",
  Vienna: "Viena",
  Brussels: "Bruxelles",
  Athens: "Atena",
  Budapest: "Budapesta",
  Warsaw: "Varșovia",
  Prague: "Praga",
  Lisbon: "Lisabona",
};

/** The city that stands for an IANA zone: `București` of `Europe/Bucharest`. */
export function formatZone(timeZone: string, locale: Locale): string {
  const city = (timeZone.split("/").pop() ?? timeZone).replaceAll("_", " ");
  return locale === "ro" ? (cityNames[city] ?? city) : city;
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

/** `0722 310 450` of an E.164 number of Romania; other numbers keep their country code, in groups of three. */
export function formatPhone(phone: string): string {
  const compact = phone.replace(/[\s().\-/]/g, "");
  const local = /^(?:\+40|0)(\d{3})(\d{3})(\d{3})$/.exec(compact);
  if (local) return `0${local[1]} ${local[2]} ${local[3]}`;
  const foreign = /^(\+\d{2})(\d{6,13})$/.exec(compact);
  if (!foreign) return phone;
  return `${foreign[1]} ${(foreign[2] ?? "").replace(/(\d{3})(?=\d{2})/g, "$1 ")}`;
}

/** The address of a call; everything that is no digit and no leading plus is dropped. */
export function phoneHref(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, "")}`;
}
