"use client";

import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";
import { ErrorState } from "@workspace/ui/error-state";

/** The boundary of last resort: something broke while drawing. */
export function Crash({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  const t = useTranslations("states");
  const errors = useTranslations("errors");
  return (
    <main id="main" className="mx-auto max-w-[640px] p-6">
      <ErrorState
        title={t("crash_title")}
        detail={t("crash_text")}
        reference={digest ? errors("reference_code", { code: digest }) : undefined}
        retry={<Button onClick={retry}>{t("retry")}</Button>}
      />
    </main>
  );
}
