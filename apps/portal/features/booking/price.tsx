import { useLocale, useTranslations } from "next-intl";
import { formatMoney } from "@workspace/i18n/format";
import { chooseLocale } from "@workspace/i18n/locales";

export interface Priced {
  price_minor: number | null;
  currency: string;
}

/** Says a price in words: an amount, free, or on request. */
export function usePriceText(): (priced: Priced) => string {
  const t = useTranslations("booking");
  const locale = chooseLocale({ cookie: useLocale(), acceptLanguage: null });
  return ({ price_minor: minor, currency }) => {
    if (minor === null) return t("price_on_request");
    return minor === 0 ? t("price_free") : formatMoney(minor, currency, locale);
  };
}
