"use client";

import { ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition, type FormEvent } from "react";
import type { TotpEnrolment } from "@workspace/api-client/auth-shapes";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { CopyButton } from "@workspace/ui/copy-button";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Note } from "@workspace/ui/note";
import { QrCode } from "../qr-code";
import { activateTotp, beginTotp } from "./actions";
import { DisableTotp } from "./disable-totp";

/** Turns the code app on: secret and QR, first code, recovery codes once. */
export function TotpCard({ active, onDone }: { active: boolean; onDone?: () => void }) {
  const t = useTranslations("account");
  const common = useTranslations("common");
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const on = active || recovery !== null;

  const begin = () =>
    startTransition(async () => {
      const result = await beginTotp();
      setProblem(result.ok ? null : result);
      if (result.ok) setEnrolment(result.data);
    });

  const activate = (event: FormEvent) => {
    event.preventDefault();
    startTransition(async () => {
      const result = await activateTotp(code);
      setProblem(result.ok ? null : result);
      if (!result.ok) return;
      setRecovery(result.data);
      setEnrolment(null);
      onDone?.();
    });
  };

  return (
    <Card>
      <CardHeader
        title={t("totp")}
        description={t("totp_text")}
        actions={
          on ? (
            <span className="flex items-center gap-3">
              <Badge tone="success">
                <ShieldCheck aria-hidden="true" />
                {t("on")}
              </Badge>
              {active ? <DisableTotp /> : null}
            </span>
          ) : enrolment ? null : (
            <Button onClick={begin} pending={pending}>
              {t("totp_begin")}
            </Button>
          )
        }
      />
      {problem || enrolment || recovery ? (
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          {enrolment ? (
            <form method="post" onSubmit={activate} className="flex flex-col gap-4">
              <div className="flex flex-wrap items-start gap-5">
                <QrCode text={enrolment.otpauth_url} label={t("totp_qr")} />
                <div className="flex min-w-0 flex-1 flex-col items-start gap-3">
                  <p className="max-w-[48ch]">{t("totp_scan")}</p>
                  <code className="max-w-full rounded-sm bg-sunken px-2 py-1 font-mono break-all">
                    {enrolment.secret}
                  </code>
                  <CopyButton value={enrolment.secret} label={t("totp_copy")} doneLabel={common("copied")} />
                </div>
              </div>
              <Field label={t("totp_code")} className="max-w-[200px]">
                <Input
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  required
                  value={code}
                  onChange={(event) => setCode(event.target.value)}
                  className="tracking-[0.12em] tabular-nums"
                />
              </Field>
              <Button type="submit" variant="primary" className="self-start" pending={pending}>
                {t("totp_activate")}
              </Button>
            </form>
          ) : null}
          {recovery ? (
            <Note
              tone="warn"
              title={t("recovery_title")}
              actions={
                <CopyButton
                  value={recovery.join("\n")}
                  label={t("recovery_copy")}
                  doneLabel={common("copied")}
                />
              }
            >
              <p>{t("recovery_text")}</p>
              <ul className="mt-3 grid max-w-sm grid-cols-2 gap-x-6 gap-y-1 font-mono tabular-nums">
                {recovery.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </Note>
          ) : null}
        </CardBody>
      ) : null}
    </Card>
  );
}
