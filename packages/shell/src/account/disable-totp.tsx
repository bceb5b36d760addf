"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition, type FormEvent } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { PasswordInput } from "@workspace/ui/password-input";
import { useToast } from "@workspace/ui/toast";
import { disableTotp } from "./actions";

export function DisableTotp() {
  const t = useTranslations("account");
  const auth = useTranslations("auth");
  const common = useTranslations("common");
  const router = useRouter();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    startTransition(async () => {
      const result = await disableTotp(password);
      setProblem(result.ok ? null : result);
      if (!result.ok) return;
      setPassword("");
      setOpen(false);
      toast({ text: t("totp_off_done") });
      router.refresh();
    });
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="quiet">{t("totp_off")}</Button>
      </DialogTrigger>
      <DialogContent
        title={t("totp_off_title")}
        description={t("totp_off_text")}
        closeLabel={common("close")}
      >
        <form method="post" onSubmit={submit} className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <Field label={auth("password")}>
            <PasswordInput
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              showLabel={auth("show_password")}
              hideLabel={auth("hide_password")}
            />
          </Field>
          <DialogFooter>
            <DialogClose asChild>
              <Button>{t("keep")}</Button>
            </DialogClose>
            <Button type="submit" variant="danger-solid" pending={pending}>
              {t("totp_off")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
