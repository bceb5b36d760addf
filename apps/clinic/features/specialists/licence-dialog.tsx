"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Note } from "@workspace/ui/note";
import { Select } from "@workspace/ui/select";
import { useToast } from "@workspace/ui/toast";
import { saveLicence } from "./licence-actions";
import { licenceSchema, type LicenceInput } from "./schema";
import type { Licence, LicenceIssuer } from "./wire";

export interface LicenceDialogProps {
  specialistId: string;
  /** Null enters a new one. */
  licence: Licence | null;
  issuers: LicenceIssuer[];
  onClose: () => void;
}

/** Enters a licence or changes one; other facts than those that were verified have to be verified again. */
export function LicenceDialog({ specialistId, licence, issuers, onClose }: LicenceDialogProps) {
  const t = useTranslations("specialists");
  const common = useTranslations("common");
  const toast = useToast();
  const router = useRouter();
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: licenceSchema,
    defaults: {
      issuer_code: licence?.issuer_code ?? issuers[0]?.code ?? "",
      number: licence?.number ?? "",
      issued_on: licence?.issued_on ?? "",
      expires_on: licence?.expires_on ?? "",
    },
    action: (input: LicenceInput) =>
      saveLicence(specialistId, input, licence ? { id: licence.id, version: licence.row_version } : null),
    onDone: () => {
      toast({ text: t("licence.saved") });
      onClose();
      router.refresh();
    },
  });
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={licence ? t("licence.edit_title") : t("licence.new_title")}
        closeLabel={common("close")}
      >
        <form onSubmit={(event) => void onSubmit(event)} noValidate className="flex flex-col gap-4">
          <ProblemNote problem={problem} />
          {licence?.verified_at ? <Note>{t("licence.verify_again")}</Note> : null}
          <Controller
            control={form.control}
            name="issuer_code"
            render={({ field }) => (
              <Field label={t("licence.issuer")} error={error("issuer_code")}>
                <Select
                  value={field.value}
                  onValueChange={field.onChange}
                  options={issuers.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))}
                />
              </Field>
            )}
          />
          <Field label={t("licence.number")} error={error("number")}>
            <Input autoComplete="off" {...form.register("number")} />
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label={t("licence.issued_on")} optional={common("optional")} error={error("issued_on")}>
              <Input type="date" {...form.register("issued_on")} />
            </Field>
            <Field
              label={t("licence.expires_on")}
              help={t("licence.expires_help")}
              error={error("expires_on")}
            >
              <Input type="date" {...form.register("expires_on")} />
            </Field>
          </div>
          <DialogFooter>
            <DialogClose asChild>
              <Button>{common("cancel")}</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={pending}>
              {licence ? common("save") : t("licence.add")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
