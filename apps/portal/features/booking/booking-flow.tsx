"use client";

import { useTranslations } from "next-intl";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { formatDay, formatTime } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { Button } from "@workspace/ui/button";
import {
  contactProblems,
  emptyContact,
  fieldProblem,
  type Contact,
  type ContactField,
  type ContactProblem,
} from "./contact";
import { ContactStep } from "./contact-step";
import { DoneStep } from "./done-step";
import type { ClinicFacts, FlowService, FlowSpecialist } from "./flow-types";
import { HoldBox, HoldClock, HoldVoice } from "./hold-box";
import { ownStart } from "./hold-state";
import type { Notice } from "./notice";
import { LostNote } from "./lost-note";
import type { SlotView } from "./slots";
import { Summary } from "./summary";
import { TimeStep } from "./time-step";
import { useAvailability, type AvailabilityStart } from "./use-availability";
import { useBooking } from "./use-booking";
import { useHold } from "./use-hold";
import { useVisitorZone } from "./use-second";
import type { MadeBooking } from "./wire";

export interface BookingFlowProps {
  service: FlowService;
  /** Null is any specialist. */
  specialist: FlowSpecialist | null;
  specialists: FlowSpecialist[];
  clinic: ClinicFacts;
  locale: Locale;
  start: AvailabilityStart;
  /** The clinic's notice; null when it published none. */
  notice: Notice | null;
  /** The step before this one. */
  backHref: string;
}

/** Moves in the browser's history without asking the server: Back is the step before. */
function address(contact: boolean): string {
  const url = new URL(window.location.href);
  if (contact) url.searchParams.set("step", "contact");
  else url.searchParams.delete("step");
  return `${url.pathname}${url.search}`;
}

/** Time, contact, done: one page, so that the hold and what was typed survive every step. */
export function BookingFlow(props: BookingFlowProps) {
  const { service, specialist, specialists, clinic, locale, start, notice, backHref } = props;
  const t = useTranslations("booking");
  const wanted = { serviceId: service.id, specialistId: specialist?.id ?? null };
  const visitorZone = useVisitorZone(clinic.timeZone);
  const hold = useHold(locale, wanted);
  const own = ownStart(hold.state);
  const times = useAvailability(
    locale,
    wanted,
    start,
    { clinic: clinic.timeZone, visitor: visitorZone },
    own,
  );
  const [contact, setContact] = useState<Contact>(emptyContact);
  const [problems, setProblems] = useState<Partial<Record<ContactField, ContactProblem | string>>>({});
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [made, setMade] = useState<MadeBooking | null>(null);
  const booking = useBooking(locale, wanted, notice?.version ?? 1);
  const router = useRouter();
  const asked = useSearchParams().get("step") === "contact";
  const onContact = asked && own !== null;

  const frame = useRef<HTMLDivElement>(null);
  const shown = made ? "done" : onContact ? "contact" : "time";
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    window.scrollTo(0, 0);
    if (hold.state.kind !== "lost") frame.current?.querySelector<HTMLElement>("[data-step-title]")?.focus();
  }, [shown, hold.state.kind]);
  // A lost time leads back to the times; the address follows.
  const lost = hold.state.kind === "lost";
  useEffect(() => {
    if (lost && asked) window.history.replaceState(null, "", address(false));
  }, [lost, asked]);

  const slot = times.slots.find((each) => own !== null && Date.parse(each.start) === Date.parse(own)) ?? null;
  const heldBy = hold.state.kind === "held" ? hold.state.hold.specialist_id : null;
  const name = specialist?.name ?? specialists.find(({ id }) => id === heldBy)?.name ?? null;
  const ready = hold.state.kind === "held" || hold.state.kind === "unheld";
  const typed = Object.values(contact).some((value) => value !== "");

  const choose = (chosen: SlotView) => void hold.take(chosen);
  const toContact = () => window.history.pushState(null, "", address(true));
  const submit = async () => {
    const found = contactProblems(contact);
    setProblems(found);
    setProblem(null);
    const first = Object.keys(found)[0];
    if (first) {
      frame.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    const outcome = await booking.book(hold.state, contact);
    if (outcome.kind === "made") {
      hold.forget();
      setMade(outcome.booking);
      window.history.replaceState(null, "", address(false));
    } else if (outcome.kind === "lost") {
      hold.lose(outcome.reason);
      await times.refresh();
    } else if (outcome.kind === "outdated") {
      setProblem(outcome.problem);
      router.refresh();
    } else {
      setProblems(outcome.fields);
      setProblem(outcome.problem);
    }
  };

  if (made) {
    return (
      <div ref={frame}>
        <DoneStep
          booking={made}
          phone={contact.phone}
          email={contact.email.trim()}
          clinic={clinic}
          locale={locale}
        />
      </div>
    );
  }
  const box = <HoldBox state={hold.state} onRenew={() => void hold.renew()} />;
  return (
    <div ref={frame} className="lg:grid lg:grid-cols-[minmax(0,1fr)_348px] lg:gap-12">
      <HoldVoice state={hold.state} />
      <div className={shown === "time" && ready ? "pb-40 lg:pb-0" : undefined}>
        {onContact ? (
          <ContactStep
            contact={contact}
            onChange={(field, value) => {
              setContact((known) => ({ ...known, [field]: value }));
              setProblems(({ [field]: _gone, ...rest }) => rest);
            }}
            problems={problems}
            onLeave={(field) => {
              const found = contact[field] === "" ? null : fieldProblem(field, contact);
              if (found) setProblems((known) => ({ ...known, [field]: found }));
            }}
            problem={problem}
            pending={booking.pending}
            onSubmit={() => void submit()}
            back={{
              href: backHref,
              onClick: (event) => {
                event.preventDefault();
                window.history.back();
              },
            }}
            hold={box}
            notice={notice}
          />
        ) : (
          <TimeStep
            service={service}
            who={specialist?.name ?? t("any_specialist")}
            clinic={clinic}
            visitorZone={visitorZone}
            locale={locale}
            from={start.from}
            times={times}
            hold={hold.state}
            backHref={backHref}
            onChoose={choose}
            notice={
              hold.state.kind === "lost" ? (
                <LostNote
                  state={hold.state}
                  slots={times.slots}
                  typed={typed}
                  zone={visitorZone}
                  locale={locale}
                  onChoose={choose}
                />
              ) : null
            }
          />
        )}
      </div>
      <aside className="hidden lg:block">
        <div className="sticky top-6 flex flex-col gap-4">
          <Summary
            service={service}
            slot={slot}
            specialistName={name}
            specialistText={
              specialist ? null : heldBy && specialists.length > 1 ? t("chosen_for_you") : t("any_specialist")
            }
            clinic={clinic}
            visitorZone={visitorZone}
            locale={locale}
          />
          {box}
          {shown === "time" && ready ? (
            <Button variant="primary" size="tall" onClick={toContact}>
              {t("to_contact")}
            </Button>
          ) : null}
        </div>
      </aside>
      {shown === "time" && ready && own ? (
        <div className="fixed inset-x-0 bottom-0 z-20 border-t border-border bg-surface px-4 pt-3 pb-[max(16px,env(safe-area-inset-bottom))] shadow-sticky lg:hidden">
          <div className="mx-auto max-w-[640px]">
            <div className="mb-2.5 flex items-start justify-between gap-3">
              <div className="min-w-0">
                <p className="font-semibold tabular-nums">
                  {formatDay(localOf(own, visitorZone).date, locale, "long")},{" "}
                  {formatTime(own, locale, visitorZone)}
                </p>
                {name ? <p className="truncate text-md text-muted">{t("with", { name })}</p> : null}
              </div>
              <div className="shrink-0 text-right">
                <HoldClock state={hold.state} />
                <p className="text-md text-muted">
                  {hold.state.kind === "held" ? t("kept_for_you") : t("not_kept")}
                </p>
              </div>
            </div>
            <Button variant="primary" size="tall" className="w-full" onClick={toContact}>
              {t("to_contact")}
            </Button>
          </div>
        </div>
      ) : null}
    </div>
  );
}
