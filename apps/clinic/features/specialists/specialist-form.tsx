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
import { Textarea } from "@workspace/ui/textarea";
import { useToast } from "@workspace/ui/toast";
import { createSpecialist, removeSpecialist, saveSpecialist } from "./actions";
import { specialistSchema, type SpecialistInput } from "./schema";
import type { Specialist, Specialty } from "./wire";

const zones = ["Europe/Bucharest", "Europe/Chisinau", "Europe/London", "Europe/Berlin", "Europe/Madrid"];

export function valuesOf(person: Specialist | null, zone: string): SpecialistInput {
  return {
    name: person?.name ?? "",
    title: person?.title ?? "",
    description: person?.description ?? "",
    email: person?.email ?? "",
    phone: person?.phone ?? "",
    stamp_number: person?.stamp_number ?? "",
    scheduling_timezone: person ? (person.scheduling_timezone ?? "") : zone,
    scheduling_active: person?.scheduling_active ?? true,
    buffer_before_min: person?.buffer_before_min ?? 0,
    buffer_after_min: person?.buffer_after_min ?? 0,
    colour: person?.colour ?? "",
    specialty_ids: person?.specialty_ids ?? [],
  };
}

export interface SpecialistFormProps {
  /** Null makes a new one. */
  person: Specialist | null;
  etag: string;
  specialties: Specialty[];
  zone: string;
}

/** Profile, contact, what is practised, and how visits are spaced. */
export function SpecialistForm({ person, etag, specialties, zone }: SpecialistFormProps) {
  const t = useTranslations("specialists");
  const common = useTranslations("common");
  const router = useRouter();
  const toast = useToast();
  const version = useRef(etag);
  // What stands beside this form changes the same row: its version comes back with the page.
  useEffect(() => {
    version.current = etag;
  }, [etag]);
  const [saved, setSaved] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: specialistSchema,
    defaults: valuesOf(person, zone),
    action: async (input: SpecialistInput) => {
      if (!person) return createSpecialist(input);
      const result = await saveSpecialist(person.id, input, version.current);
      return result.ok ? { ok: true as const, data: { id: person.id, etag: result.data.etag } } : result;
    },
    onDone: (data) => {
      if ("etag" in data && typeof data.etag === "string") version.current = data.etag;
      setSaved(true);
      if (person) return router.refresh();
      toast({ text: t("added") });
      router.push(`/specialists/${data.id}/hours`);
    },
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        <CardHeader title={t("profile")} />
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <div className="grid gap-4 md:grid-cols-2">
            <Field label={t("name")} error={error("name")}>
              <Input autoComplete="off" {...form.register("name")} />
            </Field>
            <Field
              label={t("title")}
              optional={common("optional")}
              help={t("title_help")}
              error={error("title")}
            >
              <Input autoComplete="off" {...form.register("title")} />
            </Field>
            <Field label={t("email")} optional={common("optional")} error={error("email")}>
              <Input type="email" autoComplete="off" {...form.register("email")} />
            </Field>
            <Field label={t("phone")} optional={common("optional")} error={error("phone")}>
              <Input
                type="tel"
                autoComplete="off"
                className="field-width-phone"
                {...form.register("phone")}
              />
            </Field>
            <Field label={t("stamp")} optional={common("optional")} error={error("stamp_number")}>
              <Input autoComplete="off" {...form.register("stamp_number")} />
            </Field>
          </div>
          <Field
            label={t("description")}
            optional={common("optional")}
            help={t("description_help")}
            error={error("description")}
          >
            <Textarea rows={3} {...form.register("description")} />
          </Field>
        </CardBody>
        <CardHeader title={t("specialties")} className="border-t" />
        <CardBody>
          {specialties.length === 0 ? <p className="text-muted">{t("no_specialties_yet")}</p> : null}
          <Controller
            control={form.control}
            name="specialty_ids"
            render={({ field }) => (
              <div role="group" aria-label={t("specialties")} className="grid gap-2 md:grid-cols-3">
                {specialties.map(({ id, title }) => (
                  <div key={id} className="flex items-center gap-2.5">
                    <Checkbox
                      id={`specialty-${id}`}
                      checked={field.value.includes(id)}
                      onCheckedChange={(checked) =>
                        field.onChange(
                          checked === true ? [...field.value, id] : field.value.filter((each) => each !== id),
                        )
                      }
                    />
                    <Label htmlFor={`specialty-${id}`} className="text-body font-regular">
                      {title}
                    </Label>
                  </div>
                ))}
              </div>
            )}
          />
        </CardBody>
        <CardHeader title={t("scheduling")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          <Controller
            control={form.control}
            name="scheduling_active"
            render={({ field }) => (
              <div className="flex items-start gap-3">
                <Checkbox
                  id="scheduling_active"
                  checked={field.value}
                  onCheckedChange={(checked) => field.onChange(checked === true)}
                />
                <Label htmlFor="scheduling_active" className="text-body font-regular">
                  <span className="block font-medium">{t("takes_visits")}</span>
                  <span className="block text-muted">{t("takes_visits_help")}</span>
                </Label>
              </div>
            )}
          />
          <div className="grid gap-4 md:grid-cols-3">
            <Field label={t("zone")} help={t("zone_help")} error={error("scheduling_timezone")}>
              <Input list="zones" autoComplete="off" {...form.register("scheduling_timezone")} />
            </Field>
            <datalist id="zones">
              {zones.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
            <Field label={t("buffer_before")} help={t("buffer_help")} error={error("buffer_before_min")}>
              <Input
                type="number"
                inputMode="numeric"
                className="field-width-date text-right tabular-nums"
                {...form.register("buffer_before_min", { valueAsNumber: true })}
              />
            </Field>
            <Field label={t("buffer_after")} help={t("buffer_help")} error={error("buffer_after_min")}>
              <Input
                type="number"
                inputMode="numeric"
                className="field-width-date text-right tabular-nums"
                {...form.register("buffer_after_min", { valueAsNumber: true })}
              />
            </Field>
          </div>
          {person ? (
            <div>
              <Button variant="danger" onClick={() => setRemoving(true)}>
                {t("remove")}
              </Button>
            </div>
          ) : null}
        </CardBody>
        <SaveBar
          pending={pending}
          dirty={form.formState.isDirty}
          saved={saved}
          {...(person ? {} : { label: t("add") })}
        />
      </Card>
      {person ? (
        <ConfirmDialog
          open={removing}
          onOpenChange={setRemoving}
          title={t("remove_title", { name: person.name })}
          description={t("remove_text")}
          confirm={t("remove")}
          keep={t("keep")}
          done={t("removed", { name: person.name })}
          action={async () => {
            const result = await removeSpecialist(person.id, version.current);
            if (result.ok) router.push("/specialists");
            return result;
          }}
        />
      ) : null}
    </form>
  );
}
