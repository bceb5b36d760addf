import { useLocale, useTranslations } from "next-intl";
import { formatMoney } from "@workspace/i18n/format";
import { chooseLocale } from "@workspace/i18n/locales";

export interface Priced {
  price_minor: number | null;
  currency: string;
  on_request?: boolean;
  free?: boolean;
}

/** Says a price in words: an amount, free, or on request. */
export function usePriceText(): (priced: Priced) => string {
  const t = useTranslations("booking");
  const locale = chooseLocale({ cookie: useLocale(), acceptLanguage: null });
  return ({ price_minor: minor, currency, on_request: onRequest, free }) => {
    if (onRequest || (minor === null && !free)) return t("price_on_request");
    if (free || minor === 0 || minor === null) return t("price_free");
    return formatMoney(minor, currency, locale);
  };
}
