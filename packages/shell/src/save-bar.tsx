"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";

/** The foot of a settings section: explicit save, and a word when everything is saved. */
export function SaveBar({
  pending,
  dirty,
  saved,
  label,
}: {
  pending: boolean;
  dirty: boolean;
  saved: boolean;
  label?: string;
}) {
  const t = useTranslations("common");
  return (
    <footer className="flex min-h-12 items-center justify-end gap-3 border-t border-border bg-sunken px-4 py-2.5">
      <span role="status" className="flex items-center gap-1.5 text-muted">
        {saved && !dirty ? (
          <>
            <Check aria-hidden="true" strokeWidth={1.75} className="size-4 text-success-text" />
            {t("saved")}
          </>
        ) : null}
      </span>
      <Button type="submit" variant="primary" pending={pending} disabled={!dirty}>
        {label ?? t("save")}
      </Button>
    </footer>
  );
}
