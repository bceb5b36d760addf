"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { Note } from "@workspace/ui/note";
import { Select } from "@workspace/ui/select";
import { Textarea } from "@workspace/ui/textarea";
import { saveRecord } from "./actions";
import { valuesOf } from "./record";
import { bloodTypes, recordSchema, sexes, type RecordInput } from "./schema";
import type { OwnProfile } from "./wire";

const unknown = "unknown";

/** The own record: who I am, what a doctor should know, whom to call. */
export function RecordForm({ record, etag }: { record: OwnProfile; etag: string }) {
  const t = useTranslations("record");
  const router = useRouter();
  const version = useRef(etag);
  useEffect(() => {
    version.current = etag;
  }, [etag]);
  const [saved, setSaved] = useState(false);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: recordSchema,
    defaults: valuesOf(record),
    action: async (input: RecordInput) => saveRecord(input, version.current),
    onDone: ({ etag: next }) => {
      version.current = next;
      setSaved(true);
      router.refresh();
    },
  });
  const choice = (name: "sex" | "blood_type", options: { value: string; label: string }[]) => (
    <Controller
      control={form.control}
      name={name}
      render={({ field }) => (
        <div className="flex flex-col gap-1.5">
          <Label htmlFor={name}>{t(name)}</Label>
          <Select
            id={name}
            value={field.value || unknown}
            onValueChange={(value) => field.onChange(name === "blood_type" && value === unknown ? "" : value)}
            options={options}
          />
        </div>
      )}
    />
  );
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        <CardHeader title={t("who")} />
        <CardBody className="flex flex-col gap-4">
          {problem?.code === "precondition_failed" ? (
            <Note tone="warn" title={t("conflict")}>
              <p>{t("conflict_text")}</p>
              <Button className="mt-2" onClick={() => router.refresh()}>
                {t("conflict_load")}
              </Button>
            </Note>
          ) : (
            <ProblemNote problem={problem} />
          )}
          <Field label={t("first_name")} error={error("first_name")}>
            <Input autoComplete="given-name" {...form.register("first_name")} />
          </Field>
          <Field label={t("last_name")} error={error("last_name")}>
            <Input autoComplete="family-name" {...form.register("last_name")} />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("birth_date")} error={error("birth_date")}>
              <Input type="date" autoComplete="bday" {...form.register("birth_date")} />
            </Field>
            {choice(
              "sex",
              sexes.map((value) => ({ value, label: t(`sex_${value}`) })),
            )}
          </div>
          <Field label={t("phone")} error={error("phone")}>
            <Input type="tel" autoComplete="tel" {...form.register("phone")} />
          </Field>
          <Field label={t("email")} error={error("email")}>
            <Input type="email" autoComplete="email" {...form.register("email")} />
          </Field>
        </CardBody>
        <CardHeader title={t("health")} description={t("health_text")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          <Field label={t("allergies")} help={t("one_per_line")} error={error("allergies")}>
            <Textarea rows={3} {...form.register("allergies")} />
          </Field>
          <Field label={t("chronic_conditions")} help={t("one_per_line")} error={error("chronic_conditions")}>
            <Textarea rows={3} {...form.register("chronic_conditions")} />
          </Field>
          {choice("blood_type", [
            { value: unknown, label: t("blood_unknown") },
            ...bloodTypes.map((value) => ({ value, label: value })),
          ])}
        </CardBody>
        <CardHeader title={t("emergency")} description={t("emergency_text")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          <Field label={t("emergency_name")} error={error("emergency_contact_name")}>
            <Input autoComplete="off" {...form.register("emergency_contact_name")} />
          </Field>
          <Field label={t("emergency_phone")} error={error("emergency_contact_phone")}>
            <Input type="tel" autoComplete="off" {...form.register("emergency_contact_phone")} />
          </Field>
        </CardBody>
        <CardHeader title={t("home")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          <Field label={t("line")} error={error("line")}>
            <Input autoComplete="street-address" {...form.register("line")} />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("locality")} error={error("locality")}>
              <Input autoComplete="address-level2" {...form.register("locality")} />
            </Field>
            <Field label={t("county")} error={error("county")}>
              <Input autoComplete="address-level1" {...form.register("county")} />
            </Field>
            <Field label={t("postal_code")} error={error("postal_code")}>
              <Input inputMode="numeric" autoComplete="postal-code" {...form.register("postal_code")} />
            </Field>
            <Field label={t("occupation")} error={error("occupation")}>
              <Input autoComplete="off" {...form.register("occupation")} />
            </Field>
          </div>
        </CardBody>
        <SaveBar pending={pending} dirty={form.formState.isDirty} saved={saved} />
      </Card>
    </form>
  );
}
