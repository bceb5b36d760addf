import { useTranslations } from "next-intl";

export interface ProblemLike {
  code: string;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/** Says a problem in words: by its code, with the waiting time when there is one; unknown codes get a general sentence. */
export function useErrorText(): (problem: ProblemLike) => string {
  const t = useTranslations("errors");
  return ({ code, retryAfterSeconds }) => {
    if (code === "rate_limited" && retryAfterSeconds)
      return t("rate_limited_wait", { minutes: Math.max(1, Math.ceil(retryAfterSeconds / 60)) });
    const key = code.endsWith("_not_found") && !t.has(`codes.${code}`) ? "not_found" : code;
    return t.has(`codes.${key}`) ? t(`codes.${key}`) : t("unknown");
  };
}

/** The small line under an error that helps support find it. */
export function useErrorReference(): (problem: ProblemLike) => string {
  const t = useTranslations("errors");
  return ({ code, requestId }) =>
    requestId ? t("reference", { code, requestId }) : t("reference_code", { code });
}
