"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useRef, useState, type CSSProperties } from "react";
import { useWatch } from "react-hook-form";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { brandPreview, judgeColour } from "@workspace/org/brand";
import { useActionForm } from "@workspace/shell/lib/action-form";
import { SaveBar } from "@workspace/shell/save-bar";
import { BrandMark } from "@workspace/ui/avatar";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Note } from "@workspace/ui/note";
import { saveBrand } from "./actions";
import { ColourField } from "./colour-field";
import { brandSchema, type BrandInput } from "./schema";

function Preview({ name, colour }: { name: string; colour: string }) {
  const t = useTranslations("settings");
  const style: CSSProperties = { ...brandPreview(colour) };
  return (
    <div style={style} className="flex flex-col gap-3 rounded-md border border-border bg-surface p-4 text-fg">
      <div className="flex items-center gap-3">
        <BrandMark name={name} className="size-9" />
        <span className="font-semibold">{name}</span>
      </div>
      <p className="rounded-sm bg-brand-soft px-3 py-2 text-brand-text">{t("preview_row")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <span className="inline-flex min-h-(--control-h) items-center rounded-md bg-brand px-4 font-medium text-brand-fg">
          {t("preview_button")}
        </span>
        <span className="text-brand-text underline underline-offset-3">{t("preview_link")}</span>
      </div>
    </div>
  );
}

export function BrandForm({ name, values, etag }: { name: string; values: BrandInput; etag: string }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const format = useFormatter();
  const router = useRouter();
  const [saved, setSaved] = useState(false);
  const version = useRef(etag);
  const { form, pending, problem, onSubmit, error } = useActionForm({
    schema: brandSchema,
    defaults: values,
    action: (input: BrandInput) => saveBrand(input, version.current),
    onDone: (data) => {
      version.current = data.etag;
      setSaved(true);
      router.refresh();
    },
  });
  const primary = useWatch({ control: form.control, name: "color_primary" });
  const accent = useWatch({ control: form.control, name: "color_accent" });
  const verdict = judgeColour(primary);
  const ratio = (value: number) =>
    format.number(value, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const set = (field: "color_primary" | "color_accent", hex: string) =>
    form.setValue(field, hex, { shouldDirty: true, shouldValidate: form.formState.isSubmitted });
  const failed = !verdict.ok && verdict.reason === "contrast" ? verdict : null;
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} noValidate>
      <Card>
        <CardHeader title={t("brand")} description={t("brand_text")} />
        <CardBody className="grid gap-6 lg:grid-cols-[1fr_260px]">
          <div className="flex flex-col gap-4">
            <ProblemNote problem={problem} />
            <ColourField
              label={t("field.color_primary")}
              help={t("primary_help")}
              value={primary}
              onChange={(hex) => set("color_primary", hex)}
              error={failed ? undefined : error("color_primary")}
            />
            {failed ? (
              <Note
                tone="danger"
                role="status"
                actions={
                  <Button onClick={() => set("color_primary", failed.suggestion)}>
                    <span
                      aria-hidden="true"
                      className="size-4 rounded-xs border border-border"
                      style={{ background: failed.suggestion }}
                    />
                    {t("use_colour", { colour: failed.suggestion })}
                  </Button>
                }
              >
                {t("contrast_refused", {
                  ratio: ratio(failed.ratio),
                  colour: failed.suggestion,
                  better: ratio(failed.suggestionRatio),
                })}
              </Note>
            ) : verdict.ok ? (
              <p className="text-muted tabular-nums">{t("contrast_ok", { ratio: ratio(verdict.ratio) })}</p>
            ) : null}
            <ColourField
              label={t("field.color_accent")}
              help={t("accent_help")}
              value={accent}
              onChange={(hex) => set("color_accent", hex)}
              error={error("color_accent")}
              optional={common("optional")}
            />
          </div>
          <div>
            <p className="mb-2 text-label font-medium">{t("preview")}</p>
            <Preview name={name} colour={primary} />
          </div>
        </CardBody>
        <SaveBar pending={pending} dirty={form.formState.isDirty} saved={saved} />
      </Card>
    </form>
  );
}
