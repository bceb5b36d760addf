"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { Checkbox } from "@workspace/ui/checkbox";
import { Label } from "@workspace/ui/label";
import { cn } from "@workspace/ui/lib/cn";
import { useToast } from "@workspace/ui/toast";
import { formatTime } from "@workspace/i18n/format";
import type { ProblemLike } from "@workspace/i18n/error-text";
import type { Locale } from "@workspace/i18n/locales";
import { cancelAppointment, confirmAppointment, onboardAppointment } from "./actions";
import { deskHref } from "./booked-list";
import { MatchStep } from "./match-step";
import {
  chosenPatient,
  firstChoice,
  newPatientOf,
  onboardInput,
  onboardSteps,
  type OnboardStep,
} from "./onboard-model";
import { CallButton, VisitFacts } from "./visit-facts";
import { personOf, type Appointment, type Candidate, type Patient } from "./wire";

export interface OnboardPanelProps {
  visit: Appointment;
  candidates: Candidate[];
  zone: string;
  locale: Locale;
  /** The booking that is worked on after this one. */
  nextId: string | null;
  mayOnboard: boolean;
}

function Steps({ step }: { step: OnboardStep }) {
  const t = useTranslations("appointments");
  const at = onboardSteps.indexOf(step);
  return (
    <ol className="flex flex-wrap gap-x-4 gap-y-1 border-y border-border px-4 py-2.5">
      {onboardSteps.map((each, index) => (
        <li
          key={each}
          aria-current={index === at ? "step" : undefined}
          className={cn("flex items-center gap-1.5", index === at ? "font-semibold" : "text-muted")}
        >
          <span
            aria-hidden="true"
            className={cn(
              "grid size-[18px] place-items-center rounded-full border border-border-strong text-2xs",
              index === at && "border-transparent bg-brand text-brand-fg",
              index < at && "border-transparent bg-brand-soft text-brand-text",
            )}
          >
            {index < at ? <Check className="size-3" strokeWidth={2.5} /> : index + 1}
          </span>
          {t(`step.${each}`)}
        </li>
      ))}
    </ol>
  );
}

/** Takes a booking over: who it is, an invitation, then everything at once; the next booking opens by itself. */
export function OnboardPanel({ visit, candidates, zone, locale, nextId, mayOnboard }: OnboardPanelProps) {
  const t = useTranslations("appointments");
  const router = useRouter();
  const toast = useToast();
  const [step, setStep] = useState<OnboardStep>("patient");
  const [choice, setChoice] = useState(() => firstChoice(candidates));
  const [fresh, setFresh] = useState(() => newPatientOf(visit));
  const [found, setFound] = useState<Patient[]>([]);
  const [acknowledged, setAcknowledged] = useState(false);
  const [invite, setInvite] = useState(true);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [cancelling, setCancelling] = useState(false);
  const [pending, startTransition] = useTransition();
  const [confirming, setConfirming] = useState(false);
  const key = useRef("");
  const name = personOf(visit) ?? t("no_name");
  const person = chosenPatient(choice, candidates, found);
  const email = choice.kind === "new" ? fresh.email : (person?.email ?? "");
  const input = onboardInput(choice, fresh, candidates, { acknowledged, invite: invite && email !== "" });
  const who = person
    ? `${person.first_name} ${person.last_name}`
    : `${fresh.first_name} ${fresh.last_name}`.trim();

  const finish = (confirm: boolean) => {
    setConfirming(confirm);
    startTransition(async () => {
      if (!input) return;
      key.current ||= crypto.randomUUID();
      const taken = await onboardAppointment(visit.id, input, key.current);
      if (!taken.ok) {
        key.current = "";
        setProblem({ code: taken.code, requestId: taken.requestId });
        if (taken.code === "duplicate_candidates") setStep("patient");
        return router.refresh();
      }
      const confirmed = confirm ? await confirmAppointment(visit.id) : null;
      toast({
        text: confirmed?.ok ? t("taken_confirmed_toast", { name: who }) : t("taken_toast", { name: who }),
      });
      router.replace(deskHref(nextId));
      router.refresh();
    });
  };

  return (
    <>
      <div className="flex flex-wrap items-start gap-3 px-4 py-3.5">
        <h2 className="min-w-0 flex-1 text-[15px]">{name}</h2>
        {visit.contact.phone ? <CallButton phone={visit.contact.phone} /> : null}
      </div>
      {mayOnboard ? <Steps step={step} /> : null}
      <div className="flex flex-1 flex-col gap-4 px-4 py-4">
        <ProblemNote problem={problem} />
        {!mayOnboard ? <VisitFacts visit={visit} zone={zone} locale={locale} /> : null}
        {mayOnboard && step === "patient" ? (
          <>
            <details className="rounded-md border border-border px-3 py-1.5">
              <summary className="min-h-(--target) cursor-pointer py-1 font-medium">
                {t("booking_facts")}
              </summary>
              <VisitFacts visit={visit} zone={zone} locale={locale} />
            </details>
            {visit.note ? (
              <p className="border-l-2 border-border pl-3">
                <span className="block text-xs text-muted">{t("fact.note")}</span>
                {visit.note}
              </p>
            ) : null}
            <MatchStep
              visit={visit}
              candidates={candidates}
              found={found}
              onFound={setFound}
              choice={choice}
              onChoose={setChoice}
              fresh={fresh}
              onFresh={setFresh}
              acknowledged={acknowledged}
              onAcknowledge={setAcknowledged}
            />
          </>
        ) : null}
        {mayOnboard && step === "invite" ? (
          <div className="flex items-start gap-3">
            <Checkbox
              id="invite"
              checked={invite && email !== ""}
              disabled={email === ""}
              onCheckedChange={(checked) => setInvite(checked === true)}
            />
            <Label htmlFor="invite" className="text-body font-regular">
              <span className="block font-medium">{t("invite_label")}</span>
              <span className="block text-muted">
                {email === "" ? t("invite_no_email") : t("invite_text", { email })}
              </span>
            </Label>
          </div>
        ) : null}
        {mayOnboard && step === "confirm" ? (
          <>
            <VisitFacts visit={visit} zone={zone} locale={locale} />
            <p>
              {choice.kind === "new" ? t("will_make", { name: who }) : t("will_use", { name: who })}{" "}
              {input?.send_invite ? t("will_invite", { email }) : t("will_not_invite")}
            </p>
          </>
        ) : null}
      </div>
      <div className="sticky bottom-0 flex flex-wrap items-center gap-2 border-t border-border bg-surface px-4 py-3">
        {step !== "patient" ? (
          <Button variant="line" onClick={() => setStep(step === "confirm" ? "invite" : "patient")}>
            {t("back")}
          </Button>
        ) : visit.allowed.includes("cancel") ? (
          <Button variant="danger" onClick={() => setCancelling(true)}>
            {t("cancel")}
          </Button>
        ) : null}
        <div className="ml-auto flex flex-wrap gap-2">
          {mayOnboard && step === "patient" ? (
            <Button variant="primary" disabled={!input} onClick={() => setStep("invite")}>
              {t("to_invite")}
            </Button>
          ) : null}
          {mayOnboard && step === "invite" ? (
            <Button variant="primary" onClick={() => setStep("confirm")}>
              {t("to_confirm")}
            </Button>
          ) : null}
          {mayOnboard && step === "confirm" ? (
            <>
              <Button variant="line" pending={pending && !confirming} disabled={pending} onClick={() => finish(false)}>
                {t("take_only")}
              </Button>
              <Button variant="primary" pending={pending && confirming} disabled={pending} onClick={() => finish(true)}>
                {t("take_and_confirm")}
              </Button>
            </>
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
