"use client";

import { CircleCheck, CircleX, Clock, RefreshCw, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition, type ReactNode } from "react";
import type { Domain } from "@workspace/api-client/shapes";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { CopyButton } from "@workspace/ui/copy-button";
import { useToast } from "@workspace/ui/toast";
import { removeDomain, verifyDomain } from "./actions";

const looks = {
  pending: { tone: "warn", icon: <Clock aria-hidden="true" /> },
  verified: { tone: "success", icon: <CircleCheck aria-hidden="true" /> },
  failed: { tone: "danger", icon: <CircleX aria-hidden="true" /> },
} as const;

function Record({ label, value }: { label: string; value: string }) {
  const common = useTranslations("common");
  return (
    <div className="grid items-center gap-x-3 gap-y-1 md:grid-cols-[72px_1fr]">
      <dt className="text-muted">{label}</dt>
      <dd className="flex min-w-0 items-center gap-3">
        <code className="min-w-0 flex-1 rounded-sm bg-sunken px-2 py-1.5 font-mono text-xs break-all">
          {value}
        </code>
        <CopyButton value={value} label={common("copy")} doneLabel={common("copied")} />
      </dd>
    </div>
  );
}

/** One domain: its state in words and, until it is verified, the record to publish. */
export function DomainCard({ domain, facts }: { domain: Domain; facts: ReactNode }) {
  const t = useTranslations("domains");
  const toast = useToast();
  const router = useRouter();
  const [removing, setRemoving] = useState(false);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const look = looks[domain.status];
  const verify = () =>
    startTransition(async () => {
      const result = await verifyDomain(domain.id);
      setProblem(result.ok ? null : result);
      if (result.ok) toast({ text: t("verified_done", { domain: domain.domain }) });
      router.refresh();
    });
  return (
    <Card>
      <CardHeader
        title={domain.domain}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge tone={look.tone}>
              {look.icon}
              {t(`status.${domain.status}`)}
            </Badge>
            {t(`app.${domain.app}`)}
            <span className="tabular-nums">{facts}</span>
          </span>
        }
        actions={
          <Button variant="quiet" className="text-danger-text" onClick={() => setRemoving(true)}>
            <Trash2 aria-hidden="true" />
            {t("remove")}
          </Button>
        }
      />
      {domain.status === "verified" ? null : (
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <p className="max-w-[68ch]">{t("txt_text")}</p>
          <dl className="flex flex-col gap-2">
            <Record label={t("txt_name")} value={domain.txt_name} />
            <Record label={t("txt_value")} value={domain.txt_value} />
          </dl>
          <Button variant="outline" className="self-start" onClick={verify} pending={pending}>
            {pending ? null : <RefreshCw aria-hidden="true" />}
            {t("verify")}
          </Button>
        </CardBody>
      )}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("remove_title", { domain: domain.domain })}
        description={t("remove_text")}
        confirm={t("remove")}
        keep={t("remove_keep")}
        done={t("removed", { domain: domain.domain })}
        action={() => removeDomain(domain.id)}
      />
    </Card>
  );
}
