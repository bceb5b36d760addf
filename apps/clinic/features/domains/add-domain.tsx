"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { addDomain } from "./actions";
import { domainApps, domainSchema, type DomainInput } from "./schema";

const empty: DomainInput = { domain: "", app: "portal" };

export function AddDomain() {
  const t = useTranslations("domains");
  const common = useTranslations("common");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: domainSchema,
    defaults: empty,
    action: addDomain,
    onDone: (_, done) => {
      done.reset(empty);
      setOpen(false);
      router.refresh();
    },
  });
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden="true" />
          {t("add")}
        </Button>
      </DialogTrigger>
      <DialogContent title={t("add_title")} description={t("add_text")} closeLabel={common("close")}>
        <form
          method="post"
          onSubmit={(event) => void onSubmit(event)}
          noValidate
          className="flex flex-col gap-4"
        >
          <ProblemNote problem={problem} />
          <Field label={t("domain")} help={t("domain_help")} error={error("domain")}>
            <Input autoCapitalize="none" spellCheck={false} autoComplete="off" {...form.register("domain")} />
          </Field>
          <Controller
            control={form.control}
            name="app"
            render={({ field }) => (
              <RadioGroup value={field.value} onValueChange={field.onChange} aria-label={t("for_app")}>
                {domainApps.map((app) => (
                  <RadioCard
                    key={app}
                    value={app}
                    title={t(`app.${app}`)}
                    description={t(`app_text.${app}`)}
                  />
                ))}
              </RadioGroup>
            )}
          />
          <DialogFooter>
            <DialogClose asChild>
              <Button>{common("cancel")}</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={pending}>
              {t("add_submit")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
