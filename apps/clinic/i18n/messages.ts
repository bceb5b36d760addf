import breakGlassEn from "@/features/break-glass/messages.en.json";
import appointmentsEn from "@/features/appointments/messages.en.json";
import dashboardEn from "@/features/dashboard/messages.en.json";
import domainsEn from "@/features/domains/messages.en.json";
import keysEn from "@/features/keys/messages.en.json";
import membersEn from "@/features/members/messages.en.json";
import settingsEn from "@/features/settings/messages.en.json";
import specialistsEn from "@/features/specialists/messages.en.json";
import servicesEn from "@/features/services/messages.en.json";
import specialtiesEn from "@/features/specialties/messages.en.json";
import tasksEn from "@/features/tasks/messages.en.json";
import shellEn from "@/shell/messages.en.json";
import sharedEn from "@workspace/i18n/messages/en";
import breakGlassRo from "@/features/break-glass/messages.ro.json";
import appointmentsRo from "@/features/appointments/messages.ro.json";
import dashboardRo from "@/features/dashboard/messages.ro.json";
import domainsRo from "@/features/domains/messages.ro.json";
import keysRo from "@/features/keys/messages.ro.json";
import membersRo from "@/features/members/messages.ro.json";
import settingsRo from "@/features/settings/messages.ro.json";
import specialistsRo from "@/features/specialists/messages.ro.json";
import servicesRo from "@/features/services/messages.ro.json";
import specialtiesRo from "@/features/specialties/messages.ro.json";
import tasksRo from "@/features/tasks/messages.ro.json";
import shellRo from "@/shell/messages.ro.json";
import sharedRo from "@workspace/i18n/messages/ro";
import type { AbstractIntlMessages } from "next-intl";
import type { Locale } from "@workspace/i18n/locales";

const catalogues: Record<Locale, AbstractIntlMessages> = {
  en: {
    ...sharedEn,
    ...shellEn,
    ...appointmentsEn,
    ...breakGlassEn,
    ...dashboardEn,
    ...domainsEn,
    ...keysEn,
    ...membersEn,
    ...settingsEn,
    ...specialistsEn,
    ...servicesEn,
    ...specialtiesEn,
    ...tasksEn,
  },
  ro: {
    ...sharedRo,
    ...shellRo,
    ...appointmentsRo,
    ...breakGlassRo,
    ...dashboardRo,
    ...domainsRo,
    ...keysRo,
    ...membersRo,
    ...settingsRo,
    ...specialistsRo,
    ...servicesRo,
    ...specialtiesRo,
    ...tasksRo,
  },
};

/** All texts of this app in one language: shared, shell, one file per feature. */
export function messagesOf(locale: Locale): AbstractIntlMessages {
  return catalogues[locale];
}
