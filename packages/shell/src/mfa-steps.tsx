"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@workspace/ui/button";
import { PasskeyCard } from "./account/passkey-card";
import { TotpCard } from "./account/totp-card";

export function MfaSteps({ home }: { home: string }) {
  const t = useTranslations("auth");
  const [done, setDone] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <TotpCard active={false} onDone={() => setDone(true)} />
      <PasskeyCard passkeys={[]} onDone={() => setDone(true)} />
      {done ? (
        <Button asChild variant="primary" size="tall">
          {/* A full load: the session is read again with its new factor. */}
          <a href={`/api/session/refresh?return=${encodeURIComponent(home)}`}>{t("mfa_continue")}</a>
        </Button>
      ) : null}
    </div>
  );
}
