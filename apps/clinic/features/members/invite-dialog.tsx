"use client";

import { UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field, FieldError } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { useToast } from "@workspace/ui/toast";
import { inviteMember } from "./actions";
import { inviteSchema, staffRole, staffRoles, type InviteInput } from "./schema";

const empty: InviteInput = { email: "", role: "specialist" };

export function InviteDialog() {
  const t = useTranslations("members");
  const roles = useTranslations("roles");
  const common = useTranslations("common");
  const toast = useToast();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: inviteSchema,
    defaults: empty,
    action: inviteMember,
    onDone: (outcome, done) => {
      toast({ text: t(outcome === "invited" ? "invited" : "joined", { email: done.getValues("email") }) });
      done.reset(empty);
      setOpen(false);
      router.refresh();
    },
  });
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <UserPlus aria-hidden="true" />
          {t("invite")}
        </Button>
      </DialogTrigger>
      <DialogContent title={t("invite_title")} description={t("invite_text")} closeLabel={common("close")}>
        <form
          method="post"
          onSubmit={(event) => void onSubmit(event)}
          noValidate
          className="flex flex-col gap-4"
        >
          <ProblemNote problem={problem} />
          <Field label={t("email")} error={error("email")}>
            <Input type="email" autoComplete="off" {...form.register("email")} />
          </Field>
          <fieldset>
            <legend className="mb-1.5 text-label font-medium">{t("role")}</legend>
            <Controller
              control={form.control}
              name="role"
              render={({ field }) => (
                <RadioGroup
                  value={field.value}
                  onValueChange={(value) => field.onChange(staffRole.parse(value))}
                  aria-label={t("role")}
                >
                  {staffRoles.map((role) => (
                    <RadioCard
                      key={role}
                      value={role}
                      title={roles(role)}
                      description={t(`role_text.${role}`)}
                    />
                  ))}
                </RadioGroup>
              )}
            />
            {error("role") ? <FieldError>{error("role")}</FieldError> : null}
          </fieldset>
          <DialogFooter>
            <DialogClose asChild>
              <Button>{common("cancel")}</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={pending}>
              {t("invite_submit")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
