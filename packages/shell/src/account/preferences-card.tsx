"use client";

import { useLocale, useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { isLocale, locales, localeNames } from "@workspace/i18n/locales";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { useChangeLocale } from "../language-switch";
import { readTheme, themes } from "../theme";
import { applyTheme, storedTheme, watchTheme } from "../theme-store";

export function PreferencesCard() {
  const t = useTranslations("account");
  const shell = useTranslations("shell");
  const locale = useLocale();
  const changeLocale = useChangeLocale();
  const theme = useSyncExternalStore(watchTheme, storedTheme, () => "system" as const);
  return (
    <Card>
      <CardHeader title={t("preferences")} />
      <CardBody className="grid gap-6 md:grid-cols-2">
        <fieldset className="min-w-0">
          <legend className="mb-2 text-label font-medium">{shell("language")}</legend>
          <RadioGroup
            value={locale}
            onValueChange={(value) => isLocale(value) && void changeLocale(value)}
            aria-label={shell("language")}
          >
            {locales.map((option) => (
              <RadioCard key={option} value={option} title={localeNames[option]} lang={option} />
            ))}
          </RadioGroup>
        </fieldset>
        <fieldset className="min-w-0">
          <legend className="mb-2 text-label font-medium">{shell("theme")}</legend>
          <RadioGroup
            value={theme}
            onValueChange={(value) => applyTheme(readTheme(value))}
            aria-label={shell("theme")}
          >
            {themes.map((option) => (
              <RadioCard key={option} value={option} title={shell(`themes.${option}`)} />
            ))}
          </RadioGroup>
        </fieldset>
      </CardBody>
    </Card>
  );
}
