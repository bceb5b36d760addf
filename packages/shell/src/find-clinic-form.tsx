"use client";

import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { isSlug } from "@workspace/org/host";
import { Button } from "@workspace/ui/button";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";

/** Asks for the clinic's short address and goes to its host. */
export function FindClinicForm({ domain, scheme }: { domain: string; scheme: "http" | "https" }) {
  const t = useTranslations("shell");
  const [slug, setSlug] = useState("");
  const [error, setError] = useState<string | undefined>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = slug.trim().toLowerCase().split(".")[0] ?? "";
    if (!isSlug(wanted)) return setError(t("find_invalid"));
    window.location.assign(`${scheme}://${wanted}.${domain}/`);
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4 text-fg">
      <Field label={t("find_label")} help={t("find_help", { example: `arin.${domain}` })} error={error}>
        <Input
          name="slug"
          value={slug}
          onChange={(event) => setSlug(event.target.value)}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
        />
      </Field>
      <Button type="submit" variant="primary" className="self-start">
        {t("find_submit")}
      </Button>
    </form>
  );
}
