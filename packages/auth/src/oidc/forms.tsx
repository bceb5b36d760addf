"use client";

import { LogIn } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";
import type { SignInFormProps } from "../driver";

/** One button: the issuer asks for everything else. */
export function SignInForm({ returnTo }: SignInFormProps) {
  const t = useTranslations("auth");
  return (
    <Button asChild variant="primary" size="tall" className="w-full">
      <a href={`/api/session/start?return=${encodeURIComponent(returnTo)}`}>
        <LogIn aria-hidden="true" />
        {t("with_provider")}
      </a>
    </Button>
  );
}
