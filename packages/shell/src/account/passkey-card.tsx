"use client";

import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { Passkey } from "@workspace/api-client/auth-shapes";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { makePasskey } from "@workspace/auth/passkeys";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { useToast } from "@workspace/ui/toast";
import { beginPasskey, finishPasskey } from "./actions";
import { PasskeyRow } from "./passkey-row";

function plain(value: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(value));
  return copy;
}

export function PasskeyCard({ passkeys, onDone }: { passkeys: Passkey[]; onDone?: () => void }) {
  const t = useTranslations("account");
  const router = useRouter();
  const toast = useToast();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();

  const add = () =>
    startTransition(async () => {
      setProblem(null);
      const begun = await beginPasskey();
      if (!begun.ok) return setProblem(begun);
      let credential: unknown;
      try {
        credential = await makePasskey(begun.data.options.publicKey);
      } catch {
        return setProblem({ code: "passkey_failed" });
      }
      const finished = await finishPasskey({
        ceremony_id: begun.data.ceremony_id,
        credential: plain(credential),
      });
      if (!finished.ok) return setProblem(finished);
      toast({ text: t("passkey_added") });
      onDone?.();
      router.refresh();
    });

  return (
    <Card>
      <CardHeader
        title={t("passkeys")}
        mark={passkeys.length > 0 ? passkeys.length : null}
        description={t("passkeys_text")}
        actions={
          <Button onClick={add} pending={pending}>
            <KeyRound aria-hidden="true" />
            {t("passkey_add")}
          </Button>
        }
      />
      {problem ? (
        <CardBody>
          <ProblemNote problem={problem} />
        </CardBody>
      ) : null}
      {passkeys.length > 0 ? (
        <ul>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}
