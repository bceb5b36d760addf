"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition, type FormEvent } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Note } from "@workspace/ui/note";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { useToast } from "@workspace/ui/toast";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { daysBetween } from "@workspace/i18n/zoned";
import { addOverride } from "./actions";
import { datesOf } from "./facts";
import type { Kind } from "./month";
import { RangeRows } from "./range-rows";
import { rangeProblems, tidyRange } from "./week";
import type { ClockRange } from "./wire";

const kinds: readonly Kind[] = ["off", "part", "extra"];
const shownDays = 6;

export interface OverrideDialogProps {
  id: string;
  /** The days that were chosen, both included. */
  from: string;
  to: string;
  today: string;
  locale: Locale;
  onClose: () => void;
}

/** One or more days that differ from the week. Days that differ already are asked about before anything is added to them. */
export function OverrideDialog({ id, from: first, to: last, today, locale, onClose }: OverrideDialogProps) {
  const t = useTranslations("specialists");
  const common = useTranslations("common");
  const validation = useTranslations("validation");
  const toast = useToast();
  const router = useRouter();
  const [kind, setKind] = useState<Kind>("off");
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const [ranges, setRanges] = useState<ClockRange[]>([{ start: "09:00", end: "12:00" }]);
  const [reason, setReason] = useState("");
  const [conflict, setConflict] = useState<string[]>([]);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const until = to || from;
  const wrongDates = until < from;
  const wrongRanges = kind !== "off" && (ranges.length === 0 || rangeProblems(ranges).some(Boolean));
  const send = (merge: boolean) => {
    if (wrongDates || wrongRanges || !from) return setProblem({ code: "validation_error" });
    startTransition(async () => {
      const result = await addOverride(id, {
        date_from: from,
        date_to: until,
        available: kind === "extra",
        ranges: kind === "off" ? [] : ranges.map(tidyRange),
        reason,
        merge,
      });
      if (!result.ok && result.code === "override_exists") {
        setProblem(null);
        return setConflict(datesOf(result.facts));
      }
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      toast({ text: t("override_added") });
      onClose();
      router.refresh();
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={t("override_title")}
        description={t("override_text")}
        closeLabel={common("close")}
      >
        <form onSubmit={submit} noValidate className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          {conflict.length > 0 ? (
            <Note tone="warn" role="alert" title={t("merge_title", { count: conflict.length })}>
              <p>
                {conflict
                  .slice(0, shownDays)
                  .map((date) => formatDay(date, locale, "short"))
                  .join(", ")}
                {conflict.length > shownDays ? " …" : ""}
              </p>
              <p className="mt-1">{kind === "off" ? t("merge_off") : t("merge_text")}</p>
            </Note>
          ) : null}
          <fieldset
            disabled={conflict.length > 0}
            className="flex min-w-0 flex-col gap-4 disabled:opacity-60"
          >
            <RadioGroup
              aria-label={t("override_kind")}
              value={kind}
              disabled={conflict.length > 0}
              onValueChange={(value) => setKind(kinds.find((each) => each === value) ?? "off")}
            >
              {kinds.map((each) => (
                <RadioCard
                  key={each}
                  value={each}
                  title={t(`kind.${each}`)}
                  description={t(`kind_text.${each}`)}
                />
              ))}
            </RadioGroup>
            <div className="grid grid-cols-2 gap-3">
              <Field label={t("date_from")}>
                <Input
                  type="date"
                  min={today}
                  value={from}
                  onChange={(event) => setFrom(event.target.value)}
                />
              </Field>
              <Field
                label={t("date_to")}
                error={wrongDates ? validation("codes.range") : undefined}
                help={
                  wrongDates
                    ? undefined
                    : t("days", { count: daysBetween(from || today, until || today) + 1 })
                }
              >
                <Input type="date" min={from} value={to} onChange={(event) => setTo(event.target.value)} />
              </Field>
            </div>
            {kind === "off" ? null : (
              <fieldset>
                <legend className="mb-1.5 text-label font-medium">{t("override_hours")}</legend>
                <RangeRows
                  label={t("override_hours")}
                  scope="override"
                  ranges={ranges}
                  onChange={setRanges}
                  disabled={conflict.length > 0}
                />
              </fieldset>
            )}
            <Field label={t("reason")} optional={common("optional")} help={t("reason_help")}>
              <Input value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} />
            </Field>
          </fieldset>
          <DialogFooter>
            {conflict.length > 0 ? (
              <>
                <Button onClick={() => setConflict([])}>{t("merge_back")}</Button>
                <Button variant="primary" pending={pending} onClick={() => send(true)}>
                  {t("merge")}
                </Button>
              </>
            ) : (
              <>
                <DialogClose asChild>
                  <Button>{common("cancel")}</Button>
                </DialogClose>
                <Button type="submit" variant="primary" pending={pending}>
                  {t("add_override")}
                </Button>
              </>
            )}
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
