import bookingEn from "@/features/booking/messages.en.json";
import homeEn from "@/features/home/messages.en.json";
import publicHomeEn from "@/features/public-home/messages.en.json";
import visitsEn from "@/features/visits/messages.en.json";
import shellEn from "@/shell/messages.en.json";
import sharedEn from "@workspace/i18n/messages/en";
import bookingRo from "@/features/booking/messages.ro.json";
import homeRo from "@/features/home/messages.ro.json";
import publicHomeRo from "@/features/public-home/messages.ro.json";
import visitsRo from "@/features/visits/messages.ro.json";
import shellRo from "@/shell/messages.ro.json";
import sharedRo from "@workspace/i18n/messages/ro";
import type { AbstractIntlMessages } from "next-intl";
import type { Locale } from "@workspace/i18n/locales";

const catalogues: Record<Locale, AbstractIntlMessages> = {
  en: { ...sharedEn, ...shellEn, ...bookingEn, ...homeEn, ...publicHomeEn, ...visitsEn },
  ro: { ...sharedRo, ...shellRo, ...bookingRo, ...homeRo, ...publicHomeRo, ...visitsRo },
};

/** All texts of this app in one language: shared, shell, one file per feature. */
export function messagesOf(locale: Locale): AbstractIntlMessages {
  return catalogues[locale];
}
