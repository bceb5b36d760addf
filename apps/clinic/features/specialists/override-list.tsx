"use client";

import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { Checkbox } from "@workspace/ui/checkbox";
import { Label } from "@workspace/ui/label";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { removeOverride } from "./actions";
import { KindMark } from "./kind-mark";
import { kindOf } from "./month";
import { rangesText } from "./month-day";
import type { DateOverride } from "./wire";

/** The exceptions of the days that are looked at, in words, each with its end. */
export function OverrideList({
  id,
  overrides,
  chosen,
  locale,
  mayEdit,
}: {
  id: string;
  overrides: DateOverride[];
  /** Some days of the month are looked at, not all of it. */
  chosen: boolean;
  locale: Locale;
  mayEdit: boolean;
}) {
  const t = useTranslations("specialists");
  const [removing, setRemoving] = useState<DateOverride | null>(null);
  const [group, setGroup] = useState(false);
  const sorted = [...overrides].sort((a, b) => a.date.localeCompare(b.date));
  if (sorted.length === 0)
    return (
      <p className="px-4 py-3 text-muted">{chosen ? t("no_overrides_chosen") : t("no_overrides_month")}</p>
    );
  return (
    <>
      <ul>
        {sorted.map((override) => (
          <li
            key={override.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-border px-4 py-1.5 last:border-b-0"
          >
            <span className="w-28 font-medium tabular-nums">{formatDay(override.date, locale, "short")}</span>
            <KindMark
              kind={kindOf(override)}
              text={t(`kind.${kindOf(override)}`)}
              className="px-1.5 text-xs"
            />
            <span className="min-w-0 flex-1 basis-32 text-muted tabular-nums">
              {[rangesText(override.ranges), override.reason].filter(Boolean).join(" · ")}
            </span>
            {mayEdit ? (
              <Button
                variant="quiet"
                size="icon"
                aria-label={t("remove_override_of", { day: formatDay(override.date, locale, "long") })}
                onClick={() => {
                  setGroup(false);
                  setRemoving(override);
                }}
              >
                <Trash2 aria-hidden="true" />
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {removing ? (
        <ConfirmDialog
          open
          onOpenChange={(open) => (open ? undefined : setRemoving(null))}
          title={t("remove_override_title", { day: formatDay(removing.date, locale, "long") })}
          description={t("remove_override_text")}
          confirm={t("remove_override")}
          keep={t("keep")}
          done={t("override_removed")}
          action={() => removeOverride(id, removing.id, group)}
        >
          {removing.group_id ? (
            <div className="flex items-center gap-2.5">
              <Checkbox
                id="remove-group"
                checked={group}
                onCheckedChange={(checked) => setGroup(checked === true)}
              />
              <Label htmlFor="remove-group" className="text-body font-regular">
                {t("remove_group")}
              </Label>
            </div>
          ) : null}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
