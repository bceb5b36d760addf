"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Checkbox } from "@workspace/ui/checkbox";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { Note } from "@workspace/ui/note";
import { removePatient, savePatient } from "./actions";
import { entryOf } from "./entry";
import { ProfileFields } from "./profile-fields";
import { entrySchema, sexes, type EntryInput } from "./schema";
import { SexField } from "./sex-field";
import type { FullPatient } from "./wire";

/** What the clinic wrote about a patient; the rest too while nobody else owns it. */
export function PatientForm({ patient, etag }: { patient: FullPatient; etag: string }) {
  const t = useTranslations("patients");
  const common = useTranslations("common");
  const router = useRouter();
  const version = useRef(etag);
  useEffect(() => {
    version.current = etag;
  }, [etag]);
  const [saved, setSaved] = useState(false);
  const [removing, setRemoving] = useState(false);
  const name = `${patient.first_name} ${patient.last_name}`;
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: entrySchema,
    defaults: entryOf(patient),
    action: async (input: EntryInput) => savePatient(patient.id, input, patient.profile_editable, version.current),
    onDone: ({ etag: next }) => {
      version.current = next;
      setSaved(true);
      router.refresh();
    },
  });
  const optional = common("optional");
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        <CardHeader title={t("entered")} />
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
          <div className="grid gap-4 md:grid-cols-2">
            <Field label={t("first_name")} error={error("first_name")}>
              <Input autoComplete="off" {...form.register("first_name")} />
            </Field>
            <Field label={t("last_name")} error={error("last_name")}>
              <Input autoComplete="off" {...form.register("last_name")} />
            </Field>
            <Field label={t("phone")} optional={optional} error={error("phone")}>
              <Input type="tel" autoComplete="off" {...form.register("phone")} />
            </Field>
            <Field label={t("email")} optional={optional} error={error("email")}>
              <Input type="email" autoComplete="off" {...form.register("email")} />
            </Field>
            <Field label={t("birth_date")} optional={optional} error={error("birth_date")}>
              <Input type="date" className="field-width-date" {...form.register("birth_date")} />
            </Field>
            <SexField control={form.control} name="sex" label={t("sex")} options={sexes} />
            <Field
              label={t("cnp")}
              optional={optional}
              help={patient.cnp ? t("cnp_keep", { masked: patient.cnp }) : t("cnp_help")}
              error={error("cnp")}
            >
              <Input inputMode="numeric" autoComplete="off" {...form.register("cnp")} />
            </Field>
            <Field label={t("file_number")} error={error("file_number")}>
              <Input autoComplete="off" className="field-width-date" {...form.register("file_number")} />
            </Field>
          </div>
          <Controller
            control={form.control}
            name="archived"
            render={({ field }) => (
              <div className="flex items-start gap-3">
                <Checkbox
                  id="archived"
                  checked={field.value}
                  onCheckedChange={(checked) => field.onChange(checked === true)}
                />
                <Label htmlFor="archived" className="text-body font-regular">
                  <span className="block font-medium">{t("archived_box")}</span>
                  <span className="block text-muted">{t("archived_help")}</span>
                </Label>
              </div>
            )}
          />
        </CardBody>
        <CardHeader title={t("carried")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          {patient.profile_editable ? (
            <ProfileFields form={form} error={error} />
          ) : (
            <p className="text-muted">{t("owned", { name })}</p>
          )}
          <div>
            <Button variant="danger" onClick={() => setRemoving(true)}>
              {t("remove")}
            </Button>
          </div>
        </CardBody>
        <SaveBar pending={pending} dirty={form.formState.isDirty} saved={saved} />
      </Card>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("remove_title", { name })}
        description={t("remove_text")}
        confirm={t("remove")}
        keep={t("keep")}
        done={t("removed", { name })}
        action={async () => {
          const result = await removePatient(patient.id, version.current);
          if (result.ok) router.push("/patients");
          return result;
        }}
      />
    </form>
  );
}
