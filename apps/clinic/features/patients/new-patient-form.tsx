"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Controller } from "react-hook-form";
import { formatPhone } from "@workspace/i18n/format";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Checkbox } from "@workspace/ui/checkbox";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { Note } from "@workspace/ui/note";
import { useToast } from "@workspace/ui/toast";
import { addPatient, type Likely } from "./actions";
import { newPatientSchema, sexes, type NewPatientInput } from "./schema";
import { SexField } from "./sex-field";

const empty: NewPatientInput = {
  first_name: "",
  last_name: "",
  phone: "",
  email: "",
  birth_date: "",
  sex: "unknown",
  cnp: "",
  invite: false,
};

/** A new patient. Who may be the same person is shown first; the second press says that it is somebody else. */
export function NewPatientForm() {
  const t = useTranslations("patients");
  const common = useTranslations("common");
  const router = useRouter();
  const toast = useToast();
  const [likely, setLikely] = useState<Likely[]>([]);
  const seen = useRef<string[]>([]);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: newPatientSchema,
    defaults: empty,
    action: async (input: NewPatientInput) => addPatient(input, seen.current),
    onDone: (data) => {
      if ("likely" in data) {
        seen.current = data.likely.map(({ id }) => id);
        setLikely(data.likely);
        return;
      }
      toast({ text: t("added_toast") });
      router.push(`/patients/${data.id}`);
    },
  });
  const optional = common("optional");
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        <CardHeader title={t("who")} />
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          {likely.length > 0 ? <LikelyNote likely={likely} /> : null}
          <div className="grid gap-4 md:grid-cols-2">
            <Field label={t("first_name")} error={error("first_name")}>
              <Input autoComplete="off" {...form.register("first_name")} />
            </Field>
            <Field label={t("last_name")} error={error("last_name")}>
              <Input autoComplete="off" {...form.register("last_name")} />
            </Field>
            <Field label={t("phone")} error={error("phone")}>
              <Input type="tel" autoComplete="off" {...form.register("phone")} />
            </Field>
            <Field label={t("email")} optional={optional} error={error("email")}>
              <Input type="email" autoComplete="off" {...form.register("email")} />
            </Field>
            <Field label={t("birth_date")} optional={optional} error={error("birth_date")}>
              <Input type="date" className="field-width-date" {...form.register("birth_date")} />
            </Field>
            <SexField control={form.control} name="sex" label={t("sex")} options={sexes} />
            <Field label={t("cnp")} optional={optional} help={t("cnp_help")} error={error("cnp")}>
              <Input inputMode="numeric" autoComplete="off" {...form.register("cnp")} />
            </Field>
          </div>
          <Controller
            control={form.control}
            name="invite"
            render={({ field }) => (
              <div className="flex items-start gap-3">
                <Checkbox
                  id="invite"
                  checked={field.value}
                  onCheckedChange={(checked) => field.onChange(checked === true)}
                />
                <Label htmlFor="invite" className="text-body font-regular">
                  <span className="block font-medium">{t("invite_box")}</span>
                  <span className="block text-muted">{t("invite_box_help")}</span>
                </Label>
              </div>
            )}
          />
        </CardBody>
        <SaveBar
          pending={pending}
          dirty={form.formState.isDirty || likely.length > 0}
          saved={false}
          label={likely.length > 0 ? t("likely_other") : t("add")}
        />
      </Card>
    </form>
  );
}

function LikelyNote({ likely }: { likely: Likely[] }) {
  const t = useTranslations("patients");
  return (
    <Note tone="warn" title={t("likely_title")} role="alert">
      <p>{t("likely_text")}</p>
      <ul className="mt-3 flex flex-col gap-2">
        {likely.map((one) => (
          <li
            key={one.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-border bg-surface px-3 py-2"
          >
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{one.name}</span>
              <span className="block text-xs text-muted tabular-nums">
                {[t("file", { number: one.file_number }), one.phone ? formatPhone(one.phone) : null, one.birth_date]
                  .filter((part) => part !== null)
                  .join(" · ")}
              </span>
            </span>
            <Badge tone="warn">{t("likely_score", { score: one.score })}</Badge>
            <Button asChild variant="line">
              <Link href={`/patients/${one.id}`}>{t("likely_open")}</Link>
            </Button>
          </li>
        ))}
      </ul>
    </Note>
  );
}
