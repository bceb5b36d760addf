"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import type { Result } from "@workspace/api-client/result";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { useToast } from "@workspace/ui/toast";
import { Upload } from "./upload";

const policies = {
  avatar: { types: ["image/png", "image/jpeg", "image/webp"], maxBytes: 5 * 1024 * 1024 },
  signature_image: { types: ["image/png"], maxBytes: 200 * 1024 },
} as const;

export interface PictureCardProps {
  kind: keyof typeof policies;
  /** Where the picture is read; null without one. */
  src: string | null;
  alt: string;
  /** Gives the record another picture, null for none. */
  save: (fileId: string | null) => Promise<Result>;
}

/** A picture of a record: seen, replaced, taken away. */
export function PictureCard({ kind, src, alt, save }: PictureCardProps) {
  const t = useTranslations("files");
  const router = useRouter();
  const toast = useToast();
  const [pending, start] = useTransition();

  async function set(id: string | null) {
    const result = await save(id);
    if (result.ok) {
      toast({ text: t(id ? `${kind}.saved` : `${kind}.removed`) });
      router.refresh();
      return null;
    }
    return { code: result.code, requestId: result.requestId };
  }

  return (
    <Card>
      <CardHeader title={t(`${kind}.title`)} description={t(`${kind}.text`)} />
      <CardBody className="flex flex-wrap items-start gap-4">
        <div
          className={
            kind === "avatar"
              ? "grid size-24 shrink-0 place-items-center overflow-hidden rounded-full border border-border bg-subtle text-muted"
              : "grid h-24 w-56 shrink-0 place-items-center overflow-hidden rounded-md border border-border bg-white text-muted"
          }
        >
          {src ? (
            // eslint-disable-next-line @next/next/no-img-element -- the picture is private or small; no optimiser may keep it
            <img
              src={src}
              alt={alt}
              className={kind === "avatar" ? "size-full object-cover" : "size-full object-contain"}
            />
          ) : (
            <span className="px-2 text-center text-xs">{t("none")}</span>
          )}
        </div>
        <div className="flex min-w-[min(100%,14rem)] flex-1 flex-col gap-2">
          <Upload
            purpose={kind}
            types={policies[kind].types}
            maxBytes={policies[kind].maxBytes}
            label={src ? t("replace") : t("choose")}
            onReady={set}
          />
          {src ? (
            <div>
              <Button
                variant="line"
                disabled={pending}
                onClick={() =>
                  start(async () => {
                    const problem = await set(null);
                    if (problem) toast({ text: t("not_removed") });
                  })
                }
              >
                {t("remove")}
              </Button>
            </div>
          ) : null}
        </div>
      </CardBody>
    </Card>
  );
}
