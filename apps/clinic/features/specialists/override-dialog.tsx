"use client";

import { CalendarPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition, type FormEvent } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { Button } from "@workspace/ui/button";
import { Checkbox } from "@workspace/ui/checkbox";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { useToast } from "@workspace/ui/toast";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { addOverride } from "./actions";
import { RangeRows } from "./range-rows";
import { rangeProblems, tidyRange } from "./week";
import type { ClockRange } from "./wire";

const kinds = ["off", "part", "extra"] as const;
type Kind = (typeof kinds)[number];

/** One or more days that differ from the week: away, away for some hours, or working at other hours. */
export function OverrideDialog({ id, today }: { id: string; today: string }) {
  const t = useTranslations("specialists");
  const common = useTranslations("common");
  const validation = useTranslations("validation");
  const toast = useToast();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>("off");
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState("");
  const [ranges, setRanges] = useState<ClockRange[]>([{ start: "09:00", end: "12:00" }]);
  const [reason, setReason] = useState("");
  const [merge, setMerge] = useState(false);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const until = to || from;
  const wrongDates = until < from;
  const wrongRanges = kind !== "off" && (ranges.length === 0 || rangeProblems(ranges).some(Boolean));
  const submit = (event: FormEvent) => {
    event.preventDefault();
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
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
      setOpen(false);
      toast({ text: t("override_added") });
      router.refresh();
    });
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="line">
          <CalendarPlus aria-hidden="true" />
          {t("add_override")}
        </Button>
      </DialogTrigger>
      <DialogContent
        title={t("override_title")}
        description={t("override_text")}
        closeLabel={common("close")}
      >
        <form onSubmit={submit} noValidate className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <RadioGroup
            aria-label={t("override_kind")}
            value={kind}
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
              <Input type="date" min={today} value={from} onChange={(event) => setFrom(event.target.value)} />
            </Field>
            <Field
              label={t("date_to")}
              optional={common("optional")}
              error={wrongDates ? validation("codes.range") : undefined}
            >
              <Input type="date" min={from} value={to} onChange={(event) => setTo(event.target.value)} />
            </Field>
          </div>
          {kind === "off" ? null : (
            <fieldset>
              <legend className="mb-1.5 text-label font-medium">{t("override_hours")}</legend>
              <RangeRows label={t("override_hours")} ranges={ranges} onChange={setRanges} />
            </fieldset>
          )}
          <Field label={t("reason")} optional={common("optional")} help={t("reason_help")}>
            <Input value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} />
          </Field>
          <div className="flex items-center gap-2.5">
            <Checkbox id="merge" checked={merge} onCheckedChange={(checked) => setMerge(checked === true)} />
            <Label htmlFor="merge" className="text-body font-regular">
              {t("merge")}
            </Label>
          </div>
          <DialogFooter>
            <DialogClose asChild>
              <Button>{common("cancel")}</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={pending}>
              {t("add_override")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
