"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";
import { FieldError } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { nextRange, rangeProblems } from "./week";
import type { ClockRange } from "./wire";

/** Ranges of one day, each from and to; the reason stands under the range that is wrong. */
export function RangeRows({
  label,
  ranges,
  onChange,
  disabled = false,
}: {
  /** Whose ranges, for the names of the fields. */
  label: string;
  ranges: ClockRange[];
  onChange: (ranges: ClockRange[]) => void;
  disabled?: boolean;
}) {
  const t = useTranslations("specialists");
  const validation = useTranslations("validation");
  const problems = rangeProblems(ranges);
  const set = (index: number, change: Partial<ClockRange>) =>
    onChange(ranges.map((range, at) => (at === index ? { ...range, ...change } : range)));
  return (
    <div className="flex flex-col gap-1.5">
      {ranges.map((range, index) => {
        const problem = problems[index];
        return (
          <div key={index}>
            <div className="flex items-center gap-1.5">
              {(["start", "end"] as const).map((side) => (
                <Input
                  key={side}
                  aria-label={t(side === "start" ? "from_of" : "to_of", { day: label, count: index + 1 })}
                  aria-invalid={problem ? true : undefined}
                  value={range[side]}
                  disabled={disabled}
                  inputMode="numeric"
                  maxLength={5}
                  onChange={(event) => set(index, { [side]: event.target.value })}
                  className="w-[72px] text-center tabular-nums"
                />
              ))}
              {disabled ? null : (
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={t("remove_range", { day: label, count: index + 1 })}
                  onClick={() => onChange(ranges.filter((_, at) => at !== index))}
                >
                  <X aria-hidden="true" />
                </Button>
              )}
            </div>
            {problem ? <FieldError>{validation(`codes.${problem}`)}</FieldError> : null}
          </div>
        );
      })}
      {disabled ? null : (
        <div>
          <Button
            variant="quiet"
            aria-label={t("add_range_of", { day: label })}
            onClick={() => onChange([...ranges, nextRange(ranges)])}
          >
            <Plus aria-hidden="true" />
            {t("add_range")}
          </Button>
        </div>
      )}
    </div>
  );
}
