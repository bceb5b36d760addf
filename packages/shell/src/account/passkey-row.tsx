"use client";

import { useLocale, useNow, useTimeZone, useTranslations } from "next-intl";
import { useState } from "react";
import type { Passkey } from "@workspace/api-client/auth-shapes";
import { formatDate, formatRelative } from "@workspace/i18n/format";
import { chooseLocale } from "@workspace/i18n/locales";
import { Button } from "@workspace/ui/button";
import { ConfirmDialog } from "../confirm-dialog";
import { removePasskey } from "./actions";

export function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const t = useTranslations("account");
  const locale = chooseLocale({ cookie: useLocale(), acceptLanguage: null });
  const timeZone = useTimeZone() ?? "Europe/Bucharest";
  const now = useNow().getTime();
  const [removing, setRemoving] = useState(false);
  const name = passkey.name || t("passkey_plain");
  return (
    <li className="flex min-h-(--row-h) flex-wrap items-center gap-3 border-b border-border px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-muted tabular-nums">
          {t("passkey_since", { date: formatDate(passkey.created_at, locale, timeZone) })}
          {passkey.last_used_at
            ? ` · ${t("passkey_used", { time: formatRelative(passkey.last_used_at, locale, now) })}`
            : null}
        </p>
      </div>
      <Button variant="quiet" className="text-danger-text" onClick={() => setRemoving(true)}>
        {t("passkey_remove")}
      </Button>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("passkey_remove_title", { name })}
        description={t("passkey_remove_text")}
        confirm={t("passkey_remove")}
        keep={t("keep")}
        done={t("passkey_removed")}
        action={() => removePasskey(passkey.id)}
      />
    </li>
  );
}
