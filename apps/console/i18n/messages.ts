import breakGlassEn from "@/features/break-glass/messages.en.json";
import healthEn from "@/features/health/messages.en.json";
import organizationsEn from "@/features/organizations/messages.en.json";
import settingsEn from "@/features/settings/messages.en.json";
import usersEn from "@/features/users/messages.en.json";
import shellEn from "@/shell/messages.en.json";
import sharedEn from "@workspace/i18n/messages/en";
import breakGlassRo from "@/features/break-glass/messages.ro.json";
import healthRo from "@/features/health/messages.ro.json";
import organizationsRo from "@/features/organizations/messages.ro.json";
import settingsRo from "@/features/settings/messages.ro.json";
import usersRo from "@/features/users/messages.ro.json";
import shellRo from "@/shell/messages.ro.json";
import sharedRo from "@workspace/i18n/messages/ro";
import type { AbstractIntlMessages } from "next-intl";
import type { Locale } from "@workspace/i18n/locales";

const catalogues: Record<Locale, AbstractIntlMessages> = {
  en: {
    ...sharedEn,
    ...shellEn,
    ...breakGlassEn,
    ...healthEn,
    ...organizationsEn,
    ...settingsEn,
    ...usersEn,
  },
  ro: {
    ...sharedRo,
    ...shellRo,
    ...breakGlassRo,
    ...healthRo,
    ...organizationsRo,
    ...settingsRo,
    ...usersRo,
  },
};

/** All texts of this app in one language: shared, shell, one file per feature. */
export function messagesOf(locale: Locale): AbstractIntlMessages {
  return catalogues[locale];
}
