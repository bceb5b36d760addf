"use client";

import { ShieldAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { Textarea } from "@workspace/ui/textarea";
import { useToast } from "@workspace/ui/toast";
import { openGrant } from "./actions";
import { grantSchema, lifetimes } from "./schema";

export function OpenDialog({ organization }: { organization: { id: string; name: string } }) {
  const t = useTranslations("break_glass");
  const common = useTranslations("common");
  const toast = useToast();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: grantSchema,
    defaults: { organization_id: organization.id, reason: "", ttl: "15" },
    action: openGrant,
    onDone: () => {
      toast({ text: t("opened") });
      setOpen(false);
      router.refresh();
    },
  });
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="line">
          <ShieldAlert aria-hidden="true" />
          {t("open")}
        </Button>
      </DialogTrigger>
      <DialogContent
        title={t("open_title", { name: organization.name })}
        description={t("text")}
        closeLabel={common("close")}
      >
        <form
          method="post"
          onSubmit={(event) => void onSubmit(event)}
          noValidate
          className="flex flex-col gap-4"
        >
          <ProblemNote problem={problem} />
          <Field label={t("reason")} help={t("reason_help")} error={error("reason")}>
            <Textarea {...form.register("reason")} />
          </Field>
          <Controller
            control={form.control}
            name="ttl"
            render={({ field }) => (
              <fieldset>
                <legend className="mb-1.5 text-label font-medium">{t("ttl")}</legend>
                <RadioGroup
                  value={field.value}
                  onValueChange={field.onChange}
                  aria-label={t("ttl")}
                  className="grid grid-cols-3"
                >
                  {lifetimes.map((minutes) => (
                    <RadioCard
                      key={minutes}
                      value={minutes}
                      title={t("minutes", { count: Number(minutes) })}
                    />
                  ))}
                </RadioGroup>
              </fieldset>
            )}
          />
          <DialogFooter>
            <DialogClose asChild>
              <Button>{common("cancel")}</Button>
            </DialogClose>
            <Button type="submit" variant="danger-solid" pending={pending}>
              {t("open_submit")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
