"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Note } from "@workspace/ui/note";
import { sendPasswordLink } from "./actions";

export function PasswordCard({ email }: { email: string }) {
  const t = useTranslations("account");
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const send = () =>
    startTransition(async () => {
      const result = await sendPasswordLink();
      setProblem(result.ok ? null : result);
      setSent(result.ok);
    });
  return (
    <Card>
      <CardHeader
        title={t("password")}
        description={t("password_text")}
        actions={
          <Button onClick={send} pending={pending}>
            {t("password_send")}
          </Button>
        }
      />
      {problem || sent ? (
        <CardBody>
          <ProblemNote problem={problem} />
          {sent ? (
            <Note tone="info" role="status">
              {t("password_sent", { email })}
            </Note>
          ) : null}
        </CardBody>
      ) : null}
    </Card>
  );
}
