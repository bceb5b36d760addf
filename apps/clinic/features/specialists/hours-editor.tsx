"use client";

import { Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { SaveBar } from "@workspace/shell/save-bar";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Note } from "@workspace/ui/note";
import { formatDay, formatDuration, formatZone } from "@workspace/i18n/format";
import type { ProblemLike } from "@workspace/i18n/error-text";
import type { Locale } from "@workspace/i18n/locales";
import { addDays } from "@workspace/i18n/zoned";
import { saveHours } from "./actions";
import { RangeRows } from "./range-rows";
import { weekBody, weekIsValid, weekMinutes, weekOf, type Week } from "./week";
import type { WeekHours } from "./wire";

/** Any Monday; only the names of the days are taken from it. */
const someMonday = "2026-02-02";

/** The hours of every week, day by day. What is typed stays until it is saved. */
export function HoursEditor({
  id,
  week: stored,
  locale,
  mayEdit,
}: {
  id: string;
  week: WeekHours;
  locale: Locale;
  mayEdit: boolean;
}) {
  const t = useTranslations("specialists");
  const [week, setWeek] = useState<Week>(() => weekOf(stored.hours));
  const [kept, setKept] = useState(() => JSON.stringify(weekOf(stored.hours)));
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const dirty = JSON.stringify(week) !== kept;
  const set = (day: number, ranges: Week[number]) =>
    setWeek((known) => known.map((each, index) => (index === day ? ranges : each)));
  const save = () =>
    startTransition(async () => {
      if (!weekIsValid(week)) return setProblem({ code: "validation_error" });
      const result = await saveHours(id, weekBody(week));
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
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
        <CardBody className="flex flex-col gap-3">
          <ProblemNote problem={problem} />
          {stored.timezone ? null : <Note tone="warn">{t("zone_missing_text")}</Note>}
          <ul className="grid gap-x-4 gap-y-4 md:grid-cols-2 xl:grid-cols-4 2xl:grid-cols-7">
            {week.map((ranges, day) => {
              const name = formatDay(addDays(someMonday, day), locale, "weekdayLong");
              return (
                <li key={name} className="min-w-0">
                  <div className="mb-1.5 flex min-h-8 items-center justify-between gap-2">
                    <h3>{name}</h3>
                    {mayEdit && day > 0 && ranges.length === 0 && (week[day - 1]?.length ?? 0) > 0 ? (
                      <Button
                        variant="quiet"
                        size="icon"
                        title={t("copy_day")}
                        aria-label={t("copy_day_of", { day: name })}
                        onClick={() =>
                          set(
                            day,
                            (week[day - 1] ?? []).map((range) => ({ ...range })),
                          )
                        }
                      >
                        <Copy aria-hidden="true" />
                      </Button>
                    ) : null}
                  </div>
                  {ranges.length === 0 ? <p className="text-muted">{t("free_day")}</p> : null}
                  <RangeRows
                    label={name}
                    ranges={ranges}
                    disabled={!mayEdit}
                    onChange={(next) => set(day, next)}
                  />
                </li>
              );
            })}
          </ul>
        </CardBody>
        {mayEdit ? <SaveBar pending={pending} dirty={dirty} saved={saved} /> : null}
      </Card>
    </form>
  );
}
