"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { Button } from "@workspace/ui/button";
import { Checkbox } from "@workspace/ui/checkbox";
import { CopyButton } from "@workspace/ui/copy-button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@workspace/ui/dialog";
import { Field, FieldError } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Note } from "@workspace/ui/note";
import { createAccessKey } from "./actions";
import { accessKeySchema, resources, rights, type AccessKeyInput } from "./schema";

const empty: AccessKeyInput = { name: "", scopes: [] };

export function CreateAccessKey() {
  const t = useTranslations("keys");
  const common = useTranslations("common");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: accessKeySchema,
    defaults: empty,
    action: createAccessKey,
    onDone: (data, done) => {
      done.reset(empty);
      setSecret(data.secret);
      router.refresh();
    },
  });
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setSecret(null);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden="true" />
          {t("create")}
        </Button>
      </DialogTrigger>
      <DialogContent title={secret ? t("secret_title") : t("create_title")} closeLabel={common("close")}>
        {secret ? (
          <>
            <Note tone="warn">{t("secret_text")}</Note>
            <code className="rounded-sm bg-sunken p-3 font-mono break-all">{secret}</code>
            <DialogFooter>
              <CopyButton value={secret} label={common("copy")} doneLabel={common("copied")} />
              <DialogClose asChild>
                <Button variant="primary">{t("secret_done")}</Button>
              </DialogClose>
            </DialogFooter>
          </>
        ) : (
          <form
            method="post"
            onSubmit={(event) => void onSubmit(event)}
            noValidate
            className="flex flex-col gap-4"
          >
            <ProblemNote problem={problem} />
            <Field label={t("name")} help={t("name_help")} error={error("name")}>
              <Input autoComplete="off" {...form.register("name")} />
            </Field>
            <Controller
              control={form.control}
              name="scopes"
              render={({ field }) => (
                <fieldset>
                  <legend className="mb-2 text-label font-medium">{t("rights")}</legend>
                  <div className="overflow-hidden rounded-md border border-border">
                    {resources.map((resource) => (
                      <div
                        key={resource}
                        className="flex min-h-10 items-center gap-4 border-b border-border px-3 last:border-b-0"
                      >
                        <span className="flex-1">{t(`resource.${resource}`)}</span>
                        {rights.map((right) => {
                          const scope = `${resource}:${right}`;
                          return (
                            <label key={scope} className="flex min-h-(--target) items-center gap-2">
                              <Checkbox
                                checked={field.value.includes(scope)}
                                onCheckedChange={(checked) =>
                                  field.onChange(
                                    checked === true
                                      ? [...field.value, scope]
                                      : field.value.filter((one) => one !== scope),
                                  )
                                }
                              />
                              {t(`right.${right}`)}
                            </label>
                          );
                        })}
                      </div>
                    ))}
                  </div>
                  {error("scopes") ? (
                    <div className="mt-1.5">
                      <FieldError>{error("scopes")}</FieldError>
                    </div>
                  ) : null}
                </fieldset>
              )}
            />
            <DialogFooter>
              <DialogClose asChild>
                <Button>{common("cancel")}</Button>
              </DialogClose>
              <Button type="submit" variant="primary" pending={pending}>
                {t("create_submit")}
              </Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
