"use client";

import { Plus, SplitSquareHorizontal, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { KeyboardEvent } from "react";
import { Button } from "@workspace/ui/button";
import { FieldError } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { cn } from "@workspace/ui/lib/cn";
import { nextRange, rangeProblems, splitRange, stepped } from "./week";
import type { ClockRange } from "./wire";

/** Marks the field of a range's start, so that the picture beside can lead to it. */
export const rangeFieldId = (scope: string, index: number) => `${scope}-${index}-start`;

/**
 * Ranges of one day, each from and to; the reason stands under the range that is wrong. The arrow keys move a time by a quarter
 * of an hour, with Shift by an hour.
 */
export function RangeRows({
  label,
  ranges,
  onChange,
  scope,
  disabled = false,
  flow = false,
}: {
  /** Whose ranges, for the names of the fields. */
  label: string;
  ranges: ClockRange[];
  onChange: (ranges: ClockRange[]) => void;
  /** Makes the ids of the fields unique on the page. */
  scope: string;
  disabled?: boolean;
  /** Lets the ranges stand beside each other. */
  flow?: boolean;
}) {
  const t = useTranslations("specialists");
  const validation = useTranslations("validation");
  const problems = rangeProblems(ranges);
  const set = (index: number, change: Partial<ClockRange>) =>
    onChange(ranges.map((range, at) => (at === index ? { ...range, ...change } : range)));
  const step = (event: KeyboardEvent<HTMLInputElement>, index: number, side: keyof ClockRange) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const minutes = (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 60 : 15);
    set(index, { [side]: stepped(ranges[index]?.[side] ?? "", minutes) });
  };
  return (
    <div className={cn("flex gap-x-4 gap-y-1.5", flow ? "flex-wrap items-start" : "flex-col")}>
      {ranges.map((range, index) => {
        const problem = problems[index];
        const halves = splitRange(range);
        return (
          <div key={index}>
            <div className="flex items-center gap-1">
              {(["start", "end"] as const).map((side) => (
                <Input
                  key={side}
                  id={side === "start" ? rangeFieldId(scope, index) : undefined}
                  aria-label={t(side === "start" ? "from_of" : "to_of", { day: label, count: index + 1 })}
                  aria-invalid={problem ? true : undefined}
                  value={range[side]}
                  disabled={disabled}
                  inputMode="numeric"
                  maxLength={5}
                  onChange={(event) => set(index, { [side]: event.target.value })}
                  onKeyDown={(event) => step(event, index, side)}
                  className={cn("w-[68px] px-1 text-center tabular-nums", side === "end" && "ml-1")}
                />
              ))}
              {disabled ? null : (
                <span className="flex">
                  {halves ? (
                    <Button
                      variant="quiet"
                      size="icon"
                      title={t("split")}
                      aria-label={t("split_of", { day: label, count: index + 1 })}
                      onClick={() => onChange(ranges.flatMap((each, at) => (at === index ? halves : [each])))}
                    >
                      <SplitSquareHorizontal aria-hidden="true" />
                    </Button>
                  ) : null}
                  <Button
                    variant="quiet"
                    size="icon"
                    title={t("remove_range_short")}
                    aria-label={t("remove_range", { day: label, count: index + 1 })}
                    onClick={() => onChange(ranges.filter((_, at) => at !== index))}
                  >
                    <X aria-hidden="true" />
                  </Button>
                </span>
              )}
            </div>
            {problem ? <FieldError>{validation(`codes.${problem}`)}</FieldError> : null}
          </div>
        );
      })}
      {disabled ? null : (
        <Button
          variant="quiet"
          className="self-start text-muted"
          aria-label={t("add_range_of", { day: label })}
          onClick={() => onChange([...ranges, nextRange(ranges)])}
        >
          <Plus aria-hidden="true" />
          {t("add_range")}
        </Button>
      )}
    </div>
  );
}
