"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { transfer, TransferError } from "./transfer";

export interface UploadProps {
  purpose: string;
  /** Accepted types, as `GET /v1/files/policies` names them. */
  types: readonly string[];
  maxBytes: number;
  label: string;
  /** Called with the id of a file that is ready; what it resolves to is shown when it is a problem. */
  onReady: (id: string) => Promise<ProblemLike | null>;
}

/** Chooses one file and uploads it: percent, a way to stop, and what went wrong in words. */
export function Upload({ purpose, types, maxBytes, label, onReady }: UploadProps) {
  const t = useTranslations("files");
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<AbortController>(null);
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<ProblemLike | null>(null);

  async function send(file: File): Promise<ProblemLike | null> {
    if (!types.includes(file.type)) return { code: "type_not_allowed" };
    if (file.size > maxBytes) return { code: "file_too_large" };
    const controller = new AbortController();
    running.current = controller;
    setPercent(0);
    try {
      const id = await transfer(file, {
        purpose,
        signal: controller.signal,
        onProgress: (part) => setPercent(Math.round(part * 100)),
      });
      return await onReady(id);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      return error.code === "aborted" ? null : { code: error.code, requestId: error.requestId };
    } finally {
      running.current = null;
      setPercent(null);
    }
  }

  const busy = percent !== null;
  return (
    <div className="flex flex-col gap-2">
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label={label}
        accept={types.join(",")}
        disabled={busy}
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = "";
          if (!file) return;
          setProblem(null);
          void send(file).then(setProblem);
        }}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="line" disabled={busy} onClick={() => input.current?.click()}>
          {label}
        </Button>
        {busy ? (
          <Button variant="line" onClick={() => running.current?.abort()}>
            {t("cancel")}
          </Button>
        ) : null}
      </div>
      {busy ? (
        <div className="flex items-center gap-2">
          <progress
            className="h-1.5 w-40 accent-brand"
            max={100}
            value={percent}
            aria-label={t("progress")}
          />
          <span className="text-muted tabular-nums" aria-live="polite">
            {percent < 100 ? t("percent", { percent }) : t("checking")}
          </span>
        </div>
      ) : null}
      <ProblemNote problem={problem} />
      <p className="text-muted">{t("limit", { megabytes: Math.max(0.1, maxBytes / 1024 / 1024) })}</p>
    </div>
  );
}
