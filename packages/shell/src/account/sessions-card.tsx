"use client";

import { MonitorSmartphone } from "lucide-react";
import { useLocale, useNow, useTimeZone, useTranslations } from "next-intl";
import { useState } from "react";
import type { LoginSession } from "@workspace/api-client/auth-shapes";
import { formatDateTime, formatRelative } from "@workspace/i18n/format";
import { chooseLocale } from "@workspace/i18n/locales";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { ConfirmDialog } from "../confirm-dialog";
import { endLoginSession } from "./actions";

export function SessionsCard({ sessions }: { sessions: LoginSession[] }) {
  const t = useTranslations("account");
  const locale = chooseLocale({ cookie: useLocale(), acceptLanguage: null });
  const timeZone = useTimeZone() ?? "Europe/Bucharest";
  const now = useNow().getTime();
  const [ending, setEnding] = useState<LoginSession | null>(null);
  const nameOf = (session: LoginSession) => session.device;
  return (
    <Card>
      <CardHeader title={t("sessions")} mark={sessions.length} description={t("sessions_text")} />
      <ul>
        {sessions.map((session) => (
          <li
            key={session.id}
            className="flex min-h-(--row-h) flex-wrap items-center gap-3 border-b border-border px-4 py-2 last:border-b-0"
          >
            <MonitorSmartphone
              aria-hidden="true"
              strokeWidth={1.75}
              className="size-(--icon) shrink-0 text-muted"
            />
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{nameOf(session)}</p>
              <p className="text-muted tabular-nums">
                {t("session_started", { time: formatDateTime(session.created_at, locale, timeZone) })}
                {session.last_used_at
                  ? ` · ${t("session_used", { time: formatRelative(session.last_used_at, locale, now) })}`
                  : null}
              </p>
            </div>
            {session.current ? (
              <Badge tone="brand">{t("session_current")}</Badge>
            ) : (
              <Button onClick={() => setEnding(session)}>{t("session_end")}</Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={t("session_end_title", { device: ending ? nameOf(ending) : "" })}
        description={t("session_end_text")}
        confirm={t("session_end")}
        keep={t("session_keep")}
        done={t("session_ended")}
        action={() => endLoginSession(ending?.id ?? "")}
      />
    </Card>
  );
}
