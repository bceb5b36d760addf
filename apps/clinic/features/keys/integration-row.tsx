"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter } from "@workspace/ui/dialog";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { useToast } from "@workspace/ui/toast";
import { removeIntegration, saveIntegration } from "./actions";
import { integrationSchema, type IntegrationInput } from "./schema";

export interface IntegrationRowProps {
  service: IntegrationInput["service"];
  /** Last four characters of the key that is kept, or null. */
  last4: string | null;
  facts: string;
}

export function IntegrationRow({ service, last4, facts }: IntegrationRowProps) {
  const t = useTranslations("keys");
  const common = useTranslations("common");
  const toast = useToast();
  const router = useRouter();
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const name = t(`service.${service}`);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: integrationSchema,
    defaults: { service, api_key: "" },
    action: saveIntegration,
    onDone: (_, done) => {
      done.reset({ service, api_key: "" });
      setEditing(false);
      toast({ text: t("key_saved", { service: name }) });
      router.refresh();
    },
  });
  return (
    <li className="flex min-h-13 flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          {last4 ? <Badge tone="success">{t("connected")}</Badge> : null}
        </p>
        <p className="text-muted tabular-nums">
          {last4 ? t("ends_in", { last4, facts }) : t(`service_text.${service}`)}
        </p>
      </div>
      <Button variant="line" onClick={() => setEditing(true)}>
        {last4 ? t("replace") : t("connect")}
      </Button>
      {last4 ? (
        <Button variant="quiet" className="text-danger-text" onClick={() => setRemoving(true)}>
          {t("remove")}
        </Button>
      ) : null}
      <Dialog open={editing} onOpenChange={setEditing}>
        <DialogContent
          title={t("key_title", { service: name })}
          description={t("key_text")}
          closeLabel={common("close")}
        >
          <form
            method="post"
            onSubmit={(event) => void onSubmit(event)}
            noValidate
            className="flex flex-col gap-4"
          >
            <ProblemNote problem={problem} />
            <Field label={t("key")} error={error("api_key")}>
              <Input type="password" autoComplete="off" className="font-mono" {...form.register("api_key")} />
            </Field>
            <DialogFooter>
              <DialogClose asChild>
                <Button>{common("cancel")}</Button>
              </DialogClose>
              <Button type="submit" variant="primary" pending={pending}>
                {t("key_submit")}
              </Button>
            </DialogFooter>
          </form>
        </DialogContent>
      </Dialog>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("remove_title", { service: name })}
        description={t("remove_text")}
        confirm={t("remove")}
        keep={t("keep")}
        done={t("removed", { service: name })}
        action={() => removeIntegration(service)}
      />
    </li>
  );
}
