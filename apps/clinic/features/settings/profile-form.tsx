"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { locales, localeNames } from "@workspace/i18n/locales";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { saveProfile } from "./actions";
import { profileSchema, type ProfileInput } from "./schema";

type Name = Exclude<keyof ProfileInput, "language_code">;
const widths: Partial<Record<Name, string>> = {
  phone: "field-width-phone",
  tax_id: "field-width-phone",
  postal_code: "field-width-date",
};
const groups: readonly [string, readonly Name[]][] = [
  ["identity", ["name", "tagline", "legal_name", "tax_id"]],
  ["contact", ["email", "phone", "website"]],
  ["address", ["address_line", "locality", "county", "postal_code"]],
];
const completion: Partial<Record<Name, string>> = {
  email: "email",
  phone: "tel",
  website: "url",
  address_line: "street-address",
  postal_code: "postal-code",
  locality: "address-level2",
  county: "address-level1",
  name: "organization",
};

export function ClinicProfileForm({ values, etag }: { values: ProfileInput; etag: string }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const [saved, setSaved] = useState(false);
  const version = useRef(etag);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: profileSchema,
    defaults: values,
    action: (input: ProfileInput) => saveProfile(input, version.current),
    onDone: (data) => {
      version.current = data.etag;
      setSaved(true);
    },
  });
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        {groups.map(([group, names]) => (
          <div key={group} className="border-t border-border first:border-t-0">
            <CardHeader title={t(`group.${group}`)} />
            <CardBody className="flex flex-col gap-4">
              {group === "identity" ? <ProblemNote problem={problem} /> : null}
              {names.map((name) => (
                <Field
                  key={name}
                  label={t(`field.${name}`)}
                  error={error(name)}
                  {...(name === "name" ? {} : { optional: common("optional") })}
                >
                  <Input
                    autoComplete={completion[name] ?? "off"}
                    className={widths[name] ?? "max-w-md"}
                    {...form.register(name)}
                  />
                </Field>
              ))}
            </CardBody>
          </div>
        ))}
        <CardHeader title={t("group.language")} description={t("language_help")} className="border-t" />
        <CardBody>
          <Controller
            control={form.control}
            name="language_code"
            render={({ field }) => (
              <RadioGroup
                value={field.value}
                onValueChange={field.onChange}
                aria-label={t("group.language")}
                className="grid max-w-md grid-cols-2"
              >
                {locales.map((locale) => (
                  <RadioCard key={locale} value={locale} title={localeNames[locale]} />
                ))}
              </RadioGroup>
            )}
          />
        </CardBody>
        <SaveBar pending={pending} dirty={form.formState.isDirty} saved={saved} />
      </Card>
    </form>
  );
}
