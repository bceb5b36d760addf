"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { BreakGlassGrant } from "@workspace/api-client/shapes";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { Note } from "@workspace/ui/note";
import { endGrant } from "./actions";
import { remaining } from "./remaining";

/** The open access with its reason and the time left; when it runs out, the page is read again. */
export function ActiveGrant({ grant, now: start }: { grant: BreakGlassGrant; now: number }) {
  const t = useTranslations("break_glass");
  const router = useRouter();
  const [now, setNow] = useState(start);
  const [ending, setEnding] = useState(false);
  const until = new Date(grant.expires_at).getTime();
  const over = now >= until;
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  useEffect(() => {
    if (over) router.refresh();
  }, [over, router]);
  return (
    <Note
      tone="danger"
      title={<span className="tabular-nums">{t("active", { time: remaining(until, now) })}</span>}
      actions={
        <Button variant="danger" onClick={() => setEnding(true)}>
          {t("end")}
        </Button>
      }
    >
      {grant.reason}
      <ConfirmDialog
        open={ending}
        onOpenChange={setEnding}
        title={t("end_title")}
        description={t("end_text")}
        confirm={t("end")}
        keep={t("end_keep")}
        done={t("end_done")}
        tone="primary"
        action={() => endGrant(grant.id)}
      />
    </Note>
  );
}
