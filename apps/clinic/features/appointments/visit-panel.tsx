"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { VisitBadge } from "@workspace/shell/visit-badge";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { Sheet, SheetContent } from "@workspace/ui/sheet";
import { useToast } from "@workspace/ui/toast";
import { formatTime } from "@workspace/i18n/format";
import type { ProblemLike } from "@workspace/i18n/error-text";
import type { Locale } from "@workspace/i18n/locales";
import { cancelAppointment, confirmAppointment } from "./actions";
import { CallButton, VisitFacts } from "./visit-facts";
import { personOf, type Appointment } from "./wire";

interface ContentProps {
  visit: Appointment;
  zone: string;
  locale: Locale;
}

function Content({ visit, zone, locale }: ContentProps) {
  const t = useTranslations("appointments");
  const toast = useToast();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [cancelling, setCancelling] = useState(false);
  const name = personOf(visit) ?? t("no_name");
  const may = (what: string) => visit.allowed.includes(what);
  const confirm = () =>
    startTransition(async () => {
      const result = await confirmAppointment(visit.id);
      setProblem(result.ok ? null : { code: result.code, requestId: result.requestId });
      if (result.ok) toast({ text: t("confirmed_toast", { name }) });
      router.refresh();
    });
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 px-4 pb-3">
        <VisitBadge status={visit.status} />
        {visit.contact.phone ? <CallButton phone={visit.contact.phone} /> : null}
      </div>
      <div className="flex-1 border-t border-border px-4 py-2">
        <VisitFacts visit={visit} zone={zone} locale={locale} />
      </div>
      <div className="sticky bottom-0 flex flex-col gap-3 border-t border-border bg-surface px-4 py-3">
        <ProblemNote problem={problem} />
        {visit.allowed.length === 0 ? <p className="text-muted">{t("nothing_allowed")}</p> : null}
        <div className="flex flex-wrap justify-end gap-2 empty:hidden">
          {may("cancel") ? (
            <Button variant="danger" className="mr-auto" onClick={() => setCancelling(true)}>
              {t("cancel")}
            </Button>
          ) : null}
          {may("onboard") ? (
            <Button variant="primary" onClick={() => router.push(`/bookings?visit=${visit.id}`)}>
              {t("take_over")}
            </Button>
          ) : null}
          {may("confirm") ? (
            <Button variant="primary" pending={pending} onClick={confirm}>
              {pending ? null : <CircleCheck aria-hidden="true" />}
              {t("confirm")}
            </Button>
          ) : null}
        </div>
      </div>
      <ConfirmDialog
        open={cancelling}
        onOpenChange={setCancelling}
        title={t("cancel_title", { name, time: formatTime(visit.start, locale, zone) })}
        description={t("cancel_text")}
        confirm={t("cancel")}
        keep={t("keep")}
        done={t("cancelled_toast", { name })}
        reason={{ label: t("cancel_reason"), min: 3 }}
        action={(reason) => cancelAppointment(visit.id, reason)}
      />
    </>
  );
}

/** One visit at the side: its state, its facts, and only what may be done now. Closing returns to the block it came from. */
export function VisitPanel({
  visit,
  zone,
  locale,
  onClose,
}: {
  visit: Appointment | null;
  zone: string;
  locale: Locale;
  onClose: () => void;
}) {
  const t = useTranslations("appointments");
  const common = useTranslations("common");
  return (
    <Sheet open={visit !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {visit ? (
        <SheetContent
          title={personOf(visit) ?? t("no_name")}
          closeLabel={common("close")}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            document.querySelector<HTMLElement>(`[data-event="${visit.id}"]`)?.focus();
          }}
        >
          <Content visit={visit} zone={zone} locale={locale} />
        </SheetContent>
      ) : null}
    </Sheet>
  );
}
