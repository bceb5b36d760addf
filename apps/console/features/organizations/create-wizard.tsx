"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller, useWatch } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { locales, localeNames } from "@workspace/i18n/locales";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { cn } from "@workspace/ui/lib/cn";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { Select } from "@workspace/ui/select";
import { useToast } from "@workspace/ui/toast";
import { createOrganization } from "./actions";
import { createSchema, proposeSlug, timezones, type CreateInput } from "./schema";
import { SlugCheck } from "./slug-check";

const steps = 2;
const empty: CreateInput = {
  name: "",
  slug: "",
  language_code: "ro",
  timezone: "Europe/Bucharest",
  admin_email: "",
};

/** Two steps: the clinic, then the person who gets the first invitation. Going back loses nothing. */
export function CreateWizard() {
  const t = useTranslations("organizations");
  const toast = useToast();
  const router = useRouter();
  const [step, setStep] = useState(1);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: createSchema,
    defaults: empty,
    action: createOrganization,
    onDone: (data, done) => {
      toast({ text: t("created_done", { name: done.getValues("name") }) });
      router.push(`/organizations/${data.id}`);
    },
  });
  const slug = useWatch({ control: form.control, name: "slug" });
  const forward = async () => {
    if (await form.trigger(["name", "slug", "language_code", "timezone"], { shouldFocus: true })) setStep(2);
  };
  const nameField = form.register("name");
  return (
    <Card>
      <CardHeader
        title={step === 1 ? t("step_identity") : t("step_admin")}
        mark={t("step", { step, all: steps })}
      />
      <div className="flex gap-1.5 px-4 pt-4" aria-hidden="true">
        {[1, 2].map((one) => (
          <i key={one} className={cn("h-1 flex-1 rounded-full", one <= step ? "bg-brand" : "bg-border")} />
        ))}
      </div>
      <form
        method="post"
        noValidate
        onSubmit={(event) => {
          if (step === 2) return void onSubmit(event);
          event.preventDefault();
          void forward();
        }}
      >
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <div className={cn("flex flex-col gap-4", step !== 1 && "hidden")}>
            <Field label={t("name")} help={t("name_help")} error={error("name")}>
              <Input
                autoComplete="off"
                {...nameField}
                onChange={(event) => {
                  void nameField.onChange(event);
                  if (!form.formState.dirtyFields.slug)
                    form.setValue("slug", proposeSlug(event.target.value));
                }}
              />
            </Field>
            <div>
              <Field label={t("slug")} help={t("slug_help")} error={error("slug")}>
                <Input
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  className="max-w-xs font-mono"
                  {...form.register("slug")}
                />
              </Field>
              <div className="mt-1.5 min-h-5">
                <SlugCheck slug={slug} />
              </div>
            </div>
            <Controller
              control={form.control}
              name="language_code"
              render={({ field }) => (
                <fieldset>
                  <legend className="mb-1.5 text-label font-medium">{t("language")}</legend>
                  <RadioGroup
                    value={field.value}
                    onValueChange={field.onChange}
                    aria-label={t("language")}
                    className="grid grid-cols-2"
                  >
                    {locales.map((locale) => (
                      <RadioCard key={locale} value={locale} title={localeNames[locale]} />
                    ))}
                  </RadioGroup>
                </fieldset>
              )}
            />
            <Controller
              control={form.control}
              name="timezone"
              render={({ field }) => (
                <Field label={t("timezone")} error={error("timezone")}>
                  <Select
                    value={field.value}
                    onValueChange={field.onChange}
                    options={timezones.map((zone) => ({ value: zone, label: zone }))}
                    className="max-w-xs"
                  />
                </Field>
              )}
            />
          </div>
          <div className={cn(step !== 2 && "hidden")}>
            <Field label={t("admin_email")} help={t("admin_help")} error={error("admin_email")}>
              <Input type="email" autoComplete="off" className="max-w-sm" {...form.register("admin_email")} />
            </Field>
          </div>
        </CardBody>
        <footer className="flex justify-end gap-2 border-t border-border bg-sunken px-4 py-3">
          {step === 2 ? <Button onClick={() => setStep(1)}>{t("back")}</Button> : null}
          <Button type="submit" variant="primary" pending={pending}>
            {step === 1 ? t("continue") : t("create_submit")}
          </Button>
        </footer>
      </form>
    </Card>
  );
}
