"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Controller, useWatch } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Checkbox } from "@workspace/ui/checkbox";
import { Field, FieldError } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { Select } from "@workspace/ui/select";
import { Textarea } from "@workspace/ui/textarea";
import { useToast } from "@workspace/ui/toast";
import { createService, removeService, saveService } from "./actions";
import { prices, serviceSchema, type ServiceInput } from "./schema";
import { valuesOf } from "./service-values";
import { categories, modalities, type Named, type Service } from "./wire";

/** A list without a choice needs a value that is not empty. */
const none = "none";
const switches = ["published", "is_public", "self_book", "is_addon"] as const;

export interface ServiceFormProps {
  /** Null makes a new one. */
  service: Service | null;
  etag: string;
  specialties: Named[];
}

/** What the service is, how long, for how much, how it happens and who sees it. */
export function ServiceForm({ service, etag, specialties }: ServiceFormProps) {
  const t = useTranslations("services");
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
    schema: serviceSchema,
    defaults: valuesOf(service),
    action: async (input: ServiceInput) => {
      if (!service) return createService(input);
      const result = await saveService(service.id, input, version.current);
      return result.ok ? { ok: true as const, data: { id: service.id, etag: result.data.etag } } : result;
    },
    onDone: (data) => {
      if ("etag" in data && typeof data.etag === "string") version.current = data.etag;
      setSaved(true);
      if (service) return router.refresh();
      toast({ text: t("added") });
      router.push(`/services/${data.id}`);
    },
  });
  const price = useWatch({ control: form.control, name: "price" });
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        <CardHeader title={t("about")} />
        <CardBody className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          <Field label={t("name")} error={error("name")}>
            <Input autoComplete="off" {...form.register("name")} />
          </Field>
          <Field label={t("description")} optional={common("optional")} error={error("description")}>
            <Textarea rows={3} {...form.register("description")} />
          </Field>
          <div className="grid gap-4 md:grid-cols-2">
            <Controller
              control={form.control}
              name="category"
              render={({ field }) => (
                <Field label={t("category_label")} error={error("category")}>
                  <Select
                    value={field.value}
                    onValueChange={field.onChange}
                    options={categories.map((value) => ({ value, label: t(`category.${value}`) }))}
                  />
                </Field>
              )}
            />
            <Controller
              control={form.control}
              name="specialty_id"
              render={({ field }) => (
                <Field label={t("specialty")} optional={common("optional")} error={error("specialty_id")}>
                  <Select
                    value={field.value || none}
                    onValueChange={(value) => field.onChange(value === none ? "" : value)}
                    options={[
                      { value: none, label: t("no_specialty") },
                      ...specialties.map(({ id, name }) => ({ value: id, label: name })),
                    ]}
                  />
                </Field>
              )}
            />
          </div>
        </CardBody>
        <CardHeader title={t("time_and_price")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          <div className="grid gap-4 md:grid-cols-3">
            <Field label={t("duration")} help={t("duration_help")} error={error("duration")}>
              <Input
                inputMode="numeric"
                autoComplete="off"
                className="field-width-date text-right tabular-nums"
                {...form.register("duration")}
              />
            </Field>
            {(["buffer_before_min", "buffer_after_min"] as const).map((name) => (
              <Field key={name} label={t(name)} help={t("buffer_help")} error={error(name)}>
                <Input
                  type="number"
                  inputMode="numeric"
                  className="field-width-date text-right tabular-nums"
                  {...form.register(name, { valueAsNumber: true })}
                />
              </Field>
            ))}
          </div>
          <fieldset>
            <legend className="mb-1.5 text-label font-medium">{t("price")}</legend>
            <Controller
              control={form.control}
              name="price"
              render={({ field }) => (
                <RadioGroup
                  value={field.value}
                  onValueChange={field.onChange}
                  aria-label={t("price")}
                  className="md:grid md:grid-cols-3"
                >
                  {prices.map((each) => (
                    <RadioCard key={each} value={each} title={t(`price_kind.${each}`)} />
                  ))}
                </RadioGroup>
              )}
            />
          </fieldset>
          {price === "amount" ? (
            <Field label={t("amount", { currency: service?.currency ?? "RON" })} error={error("amount")}>
              <Input
                inputMode="decimal"
                autoComplete="off"
                className="field-width-date text-right tabular-nums"
                {...form.register("amount")}
              />
            </Field>
          ) : null}
        </CardBody>
        <CardHeader title={t("how")} className="border-t" />
        <CardBody className="flex flex-col gap-4">
          <Controller
            control={form.control}
            name="modality"
            render={({ field }) => (
              <div role="group" aria-label={t("modality_label")} className="flex flex-wrap gap-x-6 gap-y-2">
                {modalities.map((each) => (
                  <div key={each} className="flex items-center gap-2.5">
                    <Checkbox
                      id={`modality-${each}`}
                      checked={field.value.includes(each)}
                      onCheckedChange={(checked) =>
                        field.onChange(
                          checked === true
                            ? [...field.value, each]
                            : field.value.filter((other) => other !== each),
                        )
                      }
                    />
                    <Label htmlFor={`modality-${each}`} className="text-body font-regular">
                      {t(`modality.${each}`)}
                    </Label>
                  </div>
                ))}
              </div>
            )}
          />
          {error("modality") ? <FieldError>{error("modality")}</FieldError> : null}
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
                    <span className="block font-medium">{t(`switch.${name}`)}</span>
                    <span className="block text-muted">{t(`switch_help.${name}`)}</span>
                  </Label>
                </div>
              )}
            />
          ))}
          {service ? (
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
          {...(service ? {} : { label: t("add") })}
        />
      </Card>
      {service ? (
        <ConfirmDialog
          open={removing}
          onOpenChange={setRemoving}
          title={t("remove_title", { name: service.name })}
          description={t("remove_text")}
          confirm={t("remove")}
          keep={t("keep")}
          done={t("removed", { name: service.name })}
          action={async () => {
            const result = await removeService(service.id, version.current);
            if (result.ok) router.push("/services");
            return result;
          }}
        />
      ) : null}
    </form>
  );
}
