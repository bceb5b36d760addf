"use client";

import { CircleCheck, CircleDashed, PenLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useId, useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Checkbox } from "@workspace/ui/checkbox";
import { Label } from "@workspace/ui/label";
import { useToast } from "@workspace/ui/toast";
import { grantConsent, withdrawConsent } from "./actions";
import { paragraphs } from "./text";
import type { OwnConsent } from "./wire";

export interface ConsentCardProps {
  consent: OwnConsent;
  clinic: string;
  /** When it was answered, in words; null when it never was. */
  when: string | null;
}

/** One thing that the clinic asks: plain words first, the whole text on demand, the answer with big targets. */
export function ConsentCard({ consent, clinic, when }: ConsentCardProps) {
  const t = useTranslations("consents");
  const router = useRouter();
  const toast = useToast();
  const box = useId();
  const [ticked, setTicked] = useState(false);
  const [asking, setAsking] = useState(false);
  const [pending, startTransition] = useTransition();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const given = consent.status === "granted";
  const drawn = consent.method === "drawn";
  const word = (kind: "name" | "plain" | "after") => {
    const key = `${consent.type}.${kind}`;
    return t.has(key) ? t(key, { clinic }) : "";
  };
  const name = word("name") || consent.title;
  const outdated = given && consent.answered_version !== consent.policy_version;
  const agree = () =>
    startTransition(async () => {
      const result = await grantConsent(consent.type, consent.policy_version);
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
      setTicked(false);
      toast({ text: t("given_toast") });
      router.refresh();
    });
  return (
    <Card id={consent.type}>
      <CardHeader
        title={name}
        actions={
          <Badge tone={given ? "success" : "neutral"}>
            {given ? <CircleCheck aria-hidden="true" /> : <CircleDashed aria-hidden="true" />}
            {t(`status_${consent.status}`)}
          </Badge>
        }
      />
      <CardBody className="flex flex-col gap-4">
        {word("plain") ? <p>{word("plain")}</p> : null}
        {when ? <p className="text-muted">{t(given ? "given_at" : "withdrawn_at", { time: when })}</p> : null}
        {consent.text ? (
          <details className="rounded-md border border-border">
            <summary className="flex min-h-11 cursor-pointer items-center px-4 font-medium">
              {t("whole_text", { version: consent.policy_version })}
            </summary>
            <div className="flex flex-col gap-3 border-t border-border px-4 py-3 text-muted">
              {paragraphs(consent.text).map((text, index) => (
                <p key={index}>{text}</p>
              ))}
            </div>
          </details>
        ) : null}
        <ProblemNote problem={problem} />
        {drawn && !given ? (
          <p className="flex items-start gap-2 text-muted">
            <PenLine aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
            {t("drawn")}
          </p>
        ) : null}
        {!drawn && (!given || outdated) && consent.policy_version > 0 ? (
          <div className="flex flex-col gap-3">
            <div className="flex min-h-11 items-center gap-3">
              <Checkbox id={box} checked={ticked} onCheckedChange={(checked) => setTicked(checked === true)} />
              <Label htmlFor={box} className="text-body font-regular">
                {t("tick", { name })}
              </Label>
            </div>
            <Button variant="primary" className="min-h-11" disabled={!ticked} pending={pending} onClick={agree}>
              {t("agree")}
            </Button>
          </div>
        ) : null}
        {given && consent.withdrawable ? (
          <Button className="min-h-11 self-start" onClick={() => setAsking(true)}>
            {t("withdraw")}
          </Button>
        ) : null}
        {given && !consent.withdrawable ? <p className="text-muted">{t("stays")}</p> : null}
      </CardBody>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("withdraw_title", { name })}
        description={word("after") || t("withdraw_text")}
        confirm={t("withdraw")}
        keep={t("keep")}
        done={t("withdrawn_toast")}
        action={() => withdrawConsent(consent.type)}
      />
    </Card>
  );
}
