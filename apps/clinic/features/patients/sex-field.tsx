"use client";

import { useTranslations } from "next-intl";
import { Controller, type Control, type FieldPath, type FieldValues } from "react-hook-form";
import { Label } from "@workspace/ui/label";
import { Select } from "@workspace/ui/select";
import type { sexes } from "./schema";

export interface SexFieldProps<Input extends FieldValues> {
  control: Control<Input>;
  name: FieldPath<Input>;
  label: string;
  options: typeof sexes;
}

export function SexField<Input extends FieldValues>({ control, name, label, options }: SexFieldProps<Input>) {
  const t = useTranslations("patients");
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <div className="flex flex-col gap-1.5">
          <Label htmlFor="sex">{label}</Label>
          <Select
            id="sex"
            value={field.value}
            onValueChange={field.onChange}
            options={options.map((value) => ({ value, label: t(`sex_${value}`) }))}
          />
        </div>
      )}
    />
  );
}
