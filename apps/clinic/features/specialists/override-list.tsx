"use client";

import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { removeOverride } from "./actions";
import { OverrideDialog } from "./override-dialog";
import type { DateOverride } from "./wire";

/** Days that differ from the week, from today on. */
export function OverrideList({
  id,
  overrides,
  today,
  locale,
  mayEdit,
}: {
  id: string;
  overrides: DateOverride[];
  today: string;
  locale: Locale;
  mayEdit: boolean;
}) {
  const t = useTranslations("specialists");
  const [removing, setRemoving] = useState<DateOverride | null>(null);
  const sorted = [...overrides].sort((a, b) => a.date.localeCompare(b.date));
  return (
    <Card>
      <CardHeader
        title={t("overrides")}
        actions={mayEdit ? <OverrideDialog id={id} today={today} /> : null}
      />
      {sorted.length === 0 ? (
        <EmptyState title={t("no_overrides")}>{t("no_overrides_text")}</EmptyState>
      ) : (
        <ul>
          {sorted.map((override) => (
            <li
              key={override.id}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-border px-4 py-2 last:border-b-0"
            >
              <span className="w-40 font-medium tabular-nums">
                {formatDay(override.date, locale, "short")} {override.date.slice(0, 4)}
              </span>
              <Badge tone={override.available ? "success" : "warn"}>
                {override.available
                  ? t("kind.extra")
                  : override.ranges.length > 0
                    ? t("kind.part")
                    : t("kind.off")}
              </Badge>
              <span className="min-w-0 flex-1 text-muted tabular-nums">
                {override.ranges.map(({ start, end }) => `${start}–${end}`).join(", ")}
                {override.reason
                  ? override.ranges.length > 0
                    ? `, ${override.reason}`
                    : override.reason
                  : ""}
              </span>
              {mayEdit ? (
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={t("remove_override_of", { day: formatDay(override.date, locale, "long") })}
                  onClick={() => setRemoving(override)}
                >
                  <Trash2 aria-hidden="true" />
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {removing ? (
        <ConfirmDialog
          open
          onOpenChange={(open) => (open ? undefined : setRemoving(null))}
          title={t("remove_override_title", { day: formatDay(removing.date, locale, "long") })}
          description={t("remove_override_text")}
          confirm={t("remove_override")}
          keep={t("keep")}
          done={t("override_removed")}
          action={() => removeOverride(id, removing.id)}
        />
      ) : null}
    </Card>
  );
}
