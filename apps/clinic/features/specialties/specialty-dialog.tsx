"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Checkbox } from "@workspace/ui/checkbox";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { Textarea } from "@workspace/ui/textarea";
import { useToast } from "@workspace/ui/toast";
import { saveSpecialty } from "./actions";
import { specialtySchema, type SpecialtyInput } from "./schema";
import type { Specialty } from "./wire";

const valuesOf = (specialty: Specialty | null): SpecialtyInput => ({
  title: specialty?.title ?? "",
  description: specialty?.description ?? "",
  active: specialty?.active ?? true,
});

function Form({ specialty, onDone }: { specialty: Specialty | null; onDone: () => void }) {
  const t = useTranslations("specialties");
  const common = useTranslations("common");
  const toast = useToast();
  const router = useRouter();
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: specialtySchema,
    defaults: valuesOf(specialty),
    action: (input: SpecialtyInput) =>
      saveSpecialty(input, specialty ? { id: specialty.id, version: specialty.row_version } : null),
    onDone: (_, done) => {
      toast({ text: t("saved", { title: done.getValues("title") }) });
      onDone();
      router.refresh();
    },
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate className="flex flex-col gap-4">
      <ProblemNote problem={problem} />
      <Field label={t("title")} error={error("title")}>
        <Input autoComplete="off" {...form.register("title")} />
      </Field>
      <Field label={t("description")} optional={common("optional")} error={error("description")}>
        <Textarea rows={3} {...form.register("description")} />
      </Field>
      <Controller
        control={form.control}
        name="active"
        render={({ field }) => (
          <div className="flex items-center gap-2.5">
            <Checkbox
              id="specialty-active"
              checked={field.value}
              onCheckedChange={(checked) => field.onChange(checked === true)}
            />
            <Label htmlFor="specialty-active" className="text-body font-regular">
              {t("active_label")}
            </Label>
          </div>
        )}
      />
      <DialogFooter>
        <DialogClose asChild>
          <Button>{common("cancel")}</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending}>
          {specialty ? common("save") : t("add")}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** Adds a specialty or changes one; the form starts anew each time it opens. */
export function SpecialtyDialog({
  specialty,
  children,
}: {
  specialty: Specialty | null;
  children: ReactNode;
}) {
  const t = useTranslations("specialties");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{children}</DialogTrigger>
      <DialogContent
        title={specialty ? t("edit_title", { title: specialty.title }) : t("new_title")}
        closeLabel={common("close")}
      >
        <Form specialty={specialty} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}
