"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Checkbox } from "@workspace/ui/checkbox";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { Textarea } from "@workspace/ui/textarea";
import { saveRules } from "./actions";
import {
  linkDeliveries,
  mfaPolicies,
  numberRules,
  rulesSchema,
  type NumberRule,
  type RulesInput,
  type SwitchRule,
} from "./schema";

const sections: readonly { key: string; numbers: readonly NumberRule[]; switches: readonly SwitchRule[] }[] =
  [
    {
      key: "booking",
      numbers: ["min_notice_min", "cancel_cutoff_h", "unconfirmed_deadline_min", "noshow_grace_min"],
      switches: ["buffer_outside_hours"],
    },
    { key: "holds", numbers: ["hold_ttl_s", "hold_max_s", "hold_quota"], switches: [] },
    {
      key: "video",
      numbers: ["video_open_before_min", "video_close_after_min"],
      switches: ["recording_enabled"],
    },
    {
      key: "care",
      numbers: ["adherence_low_pct", "adherence_reset_pct", "pain_high", "pain_rise", "low_rating_max"],
      switches: [],
    },
    { key: "people", numbers: [], switches: ["licence_suspension", "specialist_patient_lookup"] },
  ];

export function RulesForm({ values, etag }: { values: RulesInput; etag: string }) {
  const t = useTranslations("settings");
  const [saved, setSaved] = useState(false);
  const version = useRef(etag);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: rulesSchema,
    defaults: values,
    action: (input: RulesInput) => saveRules(input, version.current),
    onDone: (data) => {
      version.current = data.etag;
      setSaved(true);
    },
  });
  const range = (name: NumberRule) => {
    const [low, high] = numberRules[name];
    return t(`rule_help.${name}`, { low, high });
  };
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        {sections.map(({ key, numbers, switches }) => (
          <div key={key} className="border-t border-border first:border-t-0">
            <CardHeader title={t(`rules.${key}`)} />
            <CardBody className="flex flex-col gap-4">
              {key === "booking" ? <ProblemNote problem={problem} /> : null}
              <div className="grid gap-4 md:grid-cols-2 empty:hidden">
                {numbers.map((name) => (
                  <Field key={name} label={t(`rule.${name}`)} help={range(name)} error={error(name)}>
                    <Input
                      type="number"
                      inputMode="numeric"
                      className="field-width-date text-right tabular-nums"
                      {...form.register(name, { valueAsNumber: true })}
                    />
                  </Field>
                ))}
              </div>
              {switches.map((name) => (
                <Controller
                  key={name}
                  control={form.control}
                  name={name}
                  render={({ field }) => (
                    <div className="flex items-start gap-3">
                      <Checkbox
                        id={name}
                        checked={field.value}
                        onCheckedChange={(checked) => field.onChange(checked === true)}
                      />
                      <Label htmlFor={name} className="text-body font-regular">
                        <span className="block font-medium">{t(`rule.${name}`)}</span>
                        <span className="block text-muted">{t(`rule_help.${name}`)}</span>
                      </Label>
                    </div>
                  )}
                />
              ))}
            </CardBody>
          </div>
        ))}
        <CardHeader title={t("rules.safety")} className="border-t" />
        <CardBody className="flex flex-col gap-5">
          <Choice label={t("rule.mfa_policy")} name="mfa_policy" options={mfaPolicies} form={form} />
          <Choice label={t("rule.link_delivery")} name="link_delivery" options={linkDeliveries} form={form} />
          <Field label={t("rule.quiet_hours")} help={t("rule_help.quiet_hours")} error={error("quiet_hours")}>
            <Input className="field-width-date tabular-nums" {...form.register("quiet_hours")} />
          </Field>
          <Field
            label={t("rule.embed_origins")}
            help={t("rule_help.embed_origins")}
            error={error("embed_origins")}
          >
            <Textarea className="max-w-md font-mono" spellCheck={false} {...form.register("embed_origins")} />
          </Field>
        </CardBody>
        <SaveBar pending={pending} dirty={form.formState.isDirty} saved={saved} />
      </Card>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  name: "mfa_policy" | "link_delivery";
  options: readonly string[];
  form: ReturnType<typeof useActionForm<RulesInput, { etag: string }>>["form"];
}

function Choice({ label, name, options, form }: ChoiceProps) {
  const t = useTranslations("settings");
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-label font-medium">{label}</legend>
      <Controller
        control={form.control}
        name={name}
        render={({ field }) => (
          <RadioGroup value={field.value} onValueChange={field.onChange} aria-label={label}>
            {options.map((option) => (
              <RadioCard
                key={option}
                value={option}
                title={t(`choice.${name}.${option}`)}
                description={t(`choice_help.${name}.${option}`)}
              />
            ))}
          </RadioGroup>
        )}
      />
    </fieldset>
  );
}
