"use client";

import { useTranslations } from "next-intl";
import { Controller, type UseFormReturn } from "react-hook-form";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { Select } from "@workspace/ui/select";
import { Textarea } from "@workspace/ui/textarea";
import { bloodTypes, type EntryInput } from "./schema";

const unknown = "unknown";

export interface ProfileFieldsProps {
  form: UseFormReturn<EntryInput>;
  error: (name: keyof EntryInput) => string | undefined;
}

/** What a person carries from clinic to clinic. */
export function ProfileFields({ form, error }: ProfileFieldsProps) {
  const t = useTranslations("patients");
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t("allergies")} help={t("one_per_line")} error={error("allergies")}>
          <Textarea rows={3} {...form.register("allergies")} />
        </Field>
        <Field label={t("chronic_conditions")} help={t("one_per_line")} error={error("chronic_conditions")}>
          <Textarea rows={3} {...form.register("chronic_conditions")} />
        </Field>
        <Controller
          control={form.control}
          name="blood_type"
          render={({ field }) => (
            <div className="flex flex-col gap-1.5">
              <Label htmlFor="blood_type">{t("blood_type")}</Label>
              <Select
                id="blood_type"
                value={field.value || unknown}
                onValueChange={(value) => field.onChange(value === unknown ? "" : value)}
                options={[
                  { value: unknown, label: t("blood_unknown") },
                  ...bloodTypes.map((value) => ({ value, label: value })),
                ]}
              />
            </div>
          )}
        />
        <Field label={t("occupation")} error={error("occupation")}>
          <Input autoComplete="off" {...form.register("occupation")} />
        </Field>
        <Field label={t("line")} error={error("line")}>
          <Input autoComplete="off" {...form.register("line")} />
        </Field>
        <Field label={t("locality")} error={error("locality")}>
          <Input autoComplete="off" {...form.register("locality")} />
        </Field>
        <Field label={t("county")} error={error("county")}>
          <Input autoComplete="off" {...form.register("county")} />
        </Field>
        <Field label={t("postal_code")} error={error("postal_code")}>
          <Input inputMode="numeric" autoComplete="off" className="field-width-date" {...form.register("postal_code")} />
        </Field>
        <Field label={t("emergency_contact_name")} error={error("emergency_contact_name")}>
          <Input autoComplete="off" {...form.register("emergency_contact_name")} />
        </Field>
        <Field label={t("emergency_contact_phone")} error={error("emergency_contact_phone")}>
          <Input type="tel" autoComplete="off" {...form.register("emergency_contact_phone")} />
        </Field>
      </div>
    </>
  );
}
