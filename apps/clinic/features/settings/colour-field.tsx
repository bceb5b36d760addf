"use client";

import { useTranslations } from "next-intl";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";

export interface ColourFieldProps {
  label: string;
  help: string;
  value: string;
  onChange: (hex: string) => void;
  error: string | undefined;
  optional?: string;
}

const hex = /^#[0-9a-f]{6}$/i;

/** A colour as text with the browser's picker beside it. */
export function ColourField({ label, help, value, onChange, error, optional }: ColourFieldProps) {
  const t = useTranslations("settings");
  return (
    <div className="flex items-start gap-3">
      <Field label={label} help={help} error={error} className="min-w-0" {...(optional ? { optional } : {})}>
        <Input
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder="#2F6B70"
          spellCheck={false}
          className="field-width-date font-mono"
        />
      </Field>
      <input
        type="color"
        aria-label={t("pick_colour", { name: label })}
        value={hex.test(value) ? value.toLowerCase() : "#ffffff"}
        onChange={(event) => onChange(event.target.value.toUpperCase())}
        className="mt-[24px] h-(--control-h) w-12 shrink-0 rounded-sm border border-border-strong bg-surface p-1"
      />
    </div>
  );
}
