"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Field } from "@workspace/ui/field";
import { Note } from "@workspace/ui/note";
import { PasswordInput } from "@workspace/ui/password-input";
import { useToast } from "@workspace/ui/toast";
import { useActionForm } from "../action-form";
import { SaveBar } from "../save-bar";
import { changePassword, sendPasswordLink } from "./actions";
import { passwordSchema, type PasswordInput as Passwords } from "./schema";

const empty: Passwords = { current_password: "", password: "" };

export function PasswordCard({ email }: { email: string }) {
  const t = useTranslations("account");
  const auth = useTranslations("auth");
  const toast = useToast();
  const [sent, setSent] = useState(false);
  const [sending, startTransition] = useTransition();
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: passwordSchema,
    defaults: empty,
    action: changePassword,
    onDone: (_, done) => {
      done.reset(empty);
      toast({ text: t("password_changed") });
    },
  });
  const send = () => startTransition(async () => setSent((await sendPasswordLink()).ok));
  const words = { showLabel: auth("show_password"), hideLabel: auth("hide_password") };
  return (
    <Card>
      <CardHeader title={t("password")} description={t("password_text")} />
      <form method="post" onSubmit={(event) => void onSubmit(event)} noValidate>
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <Field
            label={t("password_current")}
            error={error("current_password")}
            className="max-w-sm"
            aside={
              <Button
                variant="quiet"
                className="min-h-0 px-0 text-brand-text underline underline-offset-3 hover:bg-transparent"
                pending={sending}
                onClick={send}
              >
                {t("password_send")}
              </Button>
            }
          >
            <PasswordInput
              autoComplete="current-password"
              {...words}
              {...form.register("current_password")}
            />
          </Field>
          {sent ? (
            <Note tone="info" role="status" className="max-w-sm">
              {t("password_sent", { email })}
            </Note>
          ) : null}
          <Field label={auth("new_password")} error={error("password")} className="max-w-sm">
            <PasswordInput autoComplete="new-password" {...words} {...form.register("password")} />
          </Field>
        </CardBody>
        <SaveBar
          pending={pending}
          dirty={form.formState.isDirty}
          saved={false}
          label={t("password_change")}
        />
      </form>
    </Card>
  );
}
