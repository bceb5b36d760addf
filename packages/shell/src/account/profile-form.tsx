"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { useActionForm } from "../action-form";
import { SaveBar } from "../save-bar";
import { saveProfile } from "./actions";
import { profileSchema } from "./schema";

export function ProfileForm({ name, email }: { name: string; email: string }) {
  const t = useTranslations("account");
  const [saved, setSaved] = useState(false);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: profileSchema,
    defaults: { name },
    action: saveProfile,
    onDone: () => setSaved(true),
  });
  return (
    <Card>
      <CardHeader title={t("profile")} />
      <form method="post" onSubmit={(event) => void onSubmit(event)} noValidate>
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <Field label={t("name")} error={error("name")}>
            <Input autoComplete="name" className="max-w-sm" {...form.register("name")} />
          </Field>
          <Field label={t("email")} help={t("email_help")}>
            <Input value={email} readOnly className="max-w-sm" />
          </Field>
        </CardBody>
        <SaveBar pending={pending} dirty={form.formState.isDirty} saved={saved} />
      </form>
    </Card>
  );
}
