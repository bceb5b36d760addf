"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { SaveBar } from "@workspace/shell/save-bar";
import { Card, CardHeader } from "@workspace/ui/card";
import { Note } from "@workspace/ui/note";
import { formatDay, formatDuration, formatZone } from "@workspace/i18n/format";
import type { ProblemLike } from "@workspace/i18n/error-text";
import type { Locale } from "@workspace/i18n/locales";
import { addDays } from "@workspace/i18n/zoned";
import { cn } from "@workspace/ui/lib/cn";
import { saveHours } from "./actions";
import { CopyMenu } from "./copy-menu";
import { DayTrack, HourScale } from "./day-track";
import { RangeRows, rangeFieldId } from "./range-rows";
import { VisitsOutside } from "./visits-outside";
import {
  copiedTo,
  rangeAround,
  rangeProblems,
  shownHours,
  weekBody,
  weekIsValid,
  weekMinutes,
  weekOf,
  type Week,
} from "./week";
import type { ComingVisit, WeekHours } from "./wire";

/** Any Monday; only the names of the days are taken from it. */
const someMonday = "2026-02-02";

export interface HoursEditorProps {
  id: string;
  week: WeekHours;
  /** Zone in which visits are written out. */
  zone: string;
  locale: Locale;
  mayEdit: boolean;
}

/** The hours of every week: a row a day, the picture of it, and the times. What is typed stays until it is saved. */
export function HoursEditor({ id, week: stored, zone, locale, mayEdit }: HoursEditorProps) {
  const t = useTranslations("specialists");
  const [week, setWeek] = useState<Week>(() => weekOf(stored.hours));
  const [kept, setKept] = useState(() => JSON.stringify(weekOf(stored.hours)));
  const [saved, setSaved] = useState(false);
  const [outside, setOutside] = useState<ComingVisit[]>([]);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const dirty = JSON.stringify(week) !== kept;
  const hours = shownHours(week);
  const names = week.map((_, day) => formatDay(addDays(someMonday, day), locale, "weekdayLong"));
  const set = (day: number, ranges: Week[number]) =>
    setWeek((known) => known.map((each, index) => (index === day ? ranges : each)));
  const save = () =>
    startTransition(async () => {
      if (!weekIsValid(week)) return setProblem({ code: "validation_error" });
      const result = await saveHours(id, weekBody(week));
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
      setOutside(result.data.outside);
      setKept(JSON.stringify(week));
      setSaved(true);
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      noValidate
    >
      <Card>
        <CardHeader
          title={t("week")}
          mark={t("week_total", { time: formatDuration(weekMinutes(week)) })}
          description={
            stored.timezone ? t("zone_of", { zone: formatZone(stored.timezone, locale) }) : t("zone_missing")
          }
        />
        {problem || !stored.timezone || outside.length > 0 ? (
          <div className="flex flex-col gap-3 border-b border-border p-4">
            <ProblemNote problem={problem} />
            {stored.timezone ? null : <Note tone="warn">{t("zone_missing_text")}</Note>}
            <VisitsOutside visits={outside} zone={zone} locale={locale} title={t("outside_now")} />
          </div>
        ) : null}
        <div className="grid grid-cols-[7.5rem_minmax(0,1fr)_minmax(20rem,27rem)] gap-x-4 px-4 pt-2 max-lg:hidden min-[1400px]:grid-cols-[7.5rem_minmax(0,1fr)_38rem]">
          <span />
          <HourScale hours={hours} />
        </div>
        <ul>
          {week.map((ranges, day) => {
            const name = names[day] ?? "";
            const wrong = rangeProblems(ranges).map((each) => each !== null);
            const scope = `day-${day}`;
            return (
              <li
                key={name}
                className="grid items-start gap-x-4 gap-y-2 border-b border-border px-4 py-2.5 last:border-b-0 lg:grid-cols-[7.5rem_minmax(0,1fr)_minmax(20rem,27rem)] min-[1400px]:grid-cols-[7.5rem_minmax(0,1fr)_38rem]"
              >
                <div className="flex min-h-9 items-center gap-2 lg:flex-col lg:items-start lg:justify-center lg:gap-0">
                  <h3 className={cn("font-medium", ranges.length === 0 && "text-muted")}>{name}</h3>
                  <p className="text-xs text-muted tabular-nums">
                    {ranges.length === 0 ? t("free_day") : formatDuration(weekMinutes([ranges]))}
                  </p>
                </div>
                <DayTrack
                  ranges={ranges}
                  wrong={wrong}
                  hours={hours}
                  onPick={(index) => document.getElementById(rangeFieldId(scope, index))?.focus()}
                  onAdd={
                    mayEdit
                      ? (minute) => {
                          const made = rangeAround(ranges, minute);
                          if (made)
                            set(
                              day,
                              [...ranges, made].sort((a, b) => a.start.localeCompare(b.start)),
                            );
                        }
                      : undefined
                  }
                />
                <div className="flex items-start justify-between gap-2">
                  <RangeRows
                    label={name}
                    scope={scope}
                    flow
                    ranges={ranges}
                    disabled={!mayEdit}
                    onChange={(next) => set(day, next)}
                  />
                  {mayEdit ? (
                    <CopyMenu
                      day={day}
                      names={names}
                      disabled={false}
                      onCopy={(days) => setWeek((known) => copiedTo(known, day, days))}
                    />
                  ) : null}
                </div>
              </li>
            );
          })}
        </ul>
        {mayEdit ? <SaveBar pending={pending} dirty={dirty} saved={saved} /> : null}
      </Card>
      {mayEdit ? <p className="mt-2 text-xs text-muted max-md:hidden">{t("week_keys")}</p> : null}
    </form>
  );
}
