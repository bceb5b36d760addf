"use client";

import {
  BadgeCheck,
  CircleCheck,
  Clock,
  OctagonX,
  Pencil,
  ShieldQuestion,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useErrorText } from "@workspace/i18n/error-text";
import { formatDate, formatDay } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { cn } from "@workspace/ui/lib/cn";
import { verifyLicence } from "./licence-actions";
import { licenceShare, licenceState } from "./licence-state";
import type { Licence, LicenceIssuer } from "./wire";

const looks = {
  ended: { tone: "danger", icon: OctagonX, bar: "bg-danger" },
  week: { tone: "danger", icon: TriangleAlert, bar: "bg-danger" },
  month: { tone: "warn", icon: TriangleAlert, bar: "bg-warn" },
  soon: { tone: "warn", icon: Clock, bar: "bg-warn" },
  valid: { tone: "success", icon: CircleCheck, bar: "bg-success" },
} as const;

export interface LicenceRowProps {
  specialistId: string;
  licence: Licence;
  issuer: LicenceIssuer | undefined;
  /** Name of who verified it, when it is known. */
  verifier: string | undefined;
  locale: Locale;
  zone: string;
  onEdit: () => void;
  onRemove: () => void;
}

const day = (date: string, locale: Locale) => `${formatDay(date, locale, "plain")} ${date.slice(0, 4)}`;

/** One licence: who issued it, how long it holds, and whether somebody compared it with the document. */
export function LicenceRow({
  specialistId,
  licence,
  issuer,
  verifier,
  locale,
  zone,
  onEdit,
  onRemove,
}: LicenceRowProps) {
  const t = useTranslations("specialists");
  const router = useRouter();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const state = licenceState(licence);
  const { tone, icon: Icon, bar } = looks[state];
  const name = `${licence.issuer_code} ${licence.number}`;
  const verified = licence.verified_at !== null;
  const verify = () =>
    startTransition(async () => {
      const row = { id: licence.id, version: licence.row_version };
      const result = await verifyLicence(specialistId, row, !verified);
      setProblem(result.ok ? null : errorText(result));
      if (result.ok) router.refresh();
    });
  return (
    <li className="grid gap-x-5 gap-y-3 border-b border-border px-4 py-3.5 last:border-b-0 md:grid-cols-[minmax(0,1fr)_18rem_auto] md:items-center">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{licence.issuer_code}</span>
          <span className="font-medium tabular-nums">{licence.number}</span>
          {verified ? (
            <Badge tone="brand">
              <BadgeCheck aria-hidden="true" />
              {t("licence.verified")}
            </Badge>
          ) : (
            <Badge>
              <ShieldQuestion aria-hidden="true" />
              {t("licence.unverified")}
            </Badge>
          )}
        </p>
        <p className="text-muted">{issuer?.name}</p>
        {licence.verified_at ? (
          <p className="text-xs text-muted">
            {verifier
              ? t("licence.verified_by", {
                  name: verifier,
                  date: formatDate(licence.verified_at, locale, zone),
                })
              : t("licence.verified_at", { date: formatDate(licence.verified_at, locale, zone) })}
          </p>
        ) : null}
        {problem ? (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        ) : null}
      </div>
      <div>
        <div className="flex items-center justify-between gap-3">
          <Badge tone={tone}>
            <Icon aria-hidden="true" />
            {licence.days_left > 0
              ? t("licence.days_left", { count: licence.days_left })
              : t("licence.ended")}
          </Badge>
          <span className="text-xs text-muted tabular-nums">{day(licence.expires_on, locale)}</span>
        </div>
        <div aria-hidden="true" className="mt-1.5 h-1 overflow-hidden rounded-full bg-sunken">
          <div className={cn("h-full rounded-full", bar)} style={{ width: `${licenceShare(licence)}%` }} />
        </div>
        {licence.issued_on ? (
          <p className="mt-1 text-xs text-muted">
            {t("licence.issued", { date: day(licence.issued_on, locale) })}
          </p>
        ) : null}
      </div>
      <div className="flex items-center gap-1 md:justify-end">
        <Button variant="line" pending={pending} onClick={verify}>
          {verified ? t("licence.unverify") : t("licence.verify")}
        </Button>
        <Button variant="quiet" size="icon" aria-label={t("licence.edit_of", { name })} onClick={onEdit}>
          <Pencil aria-hidden="true" />
        </Button>
        <Button variant="quiet" size="icon" aria-label={t("licence.remove_of", { name })} onClick={onRemove}>
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
    </li>
  );
}
