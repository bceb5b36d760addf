"use client";

import { useTranslations } from "next-intl";
import { Field } from "@workspace/ui/field";
import { PasswordInput } from "@workspace/ui/password-input";

/** Shortest password the platform accepts, in characters. */
export const shortestPassword = 10;

export function NewPasswordField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}) {
  const t = useTranslations("auth");
  return (
    <Field label={t("new_password")} help={t("new_password_help", { count: shortestPassword })} error={error}>
      <PasswordInput
        name="new-password"
        autoComplete="new-password"
        minLength={shortestPassword}
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
        showLabel={t("show_password")}
        hideLabel={t("hide_password")}
      />
    </Field>
  );
}
