import "server-only";
import { getLocale, getNow, getTimeZone } from "next-intl/server";
import { formatDate, formatDateTime, formatNumber, formatRelative } from "@workspace/i18n/format";
import { chooseLocale } from "@workspace/i18n/locales";

/** The formatters of this request: its language, the clinic's zone, one "now" for the whole page. */
export async function getFormats() {
  const [current, timeZone, now] = await Promise.all([getLocale(), getTimeZone(), getNow()]);
  const locale = chooseLocale({ cookie: current, acceptLanguage: null });
  return {
    locale,
    /** The clock of this render, `13:21`. */
    time: new Intl.DateTimeFormat(locale, { timeStyle: "short", hourCycle: "h23", timeZone }).format(now),
    dateTime: (instant: string) => formatDateTime(instant, locale, timeZone),
    date: (instant: string) => formatDate(instant, locale, timeZone),
    relative: (instant: string) => formatRelative(instant, locale, now.getTime()),
    number: (value: number) => formatNumber(value, locale),
  };
}
