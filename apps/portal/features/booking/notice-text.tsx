"use client";

import { useTranslations } from "next-intl";
import type { Notice } from "./notice";

/** The clinic's own notice in full; without one, what the platform does with these data. */
export function NoticeText({ notice }: { notice: Notice | null }) {
  const t = useTranslations("booking");
  if (!notice) {
    return (
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-5">
        <li>{t("privacy_what")}</li>
        <li>{t("privacy_why")}</li>
        <li>{t("privacy_who")}</li>
        <li>{t("privacy_rights")}</li>
      </ul>
    );
  }
  return (
    <div
      className="mt-1 flex max-h-80 flex-col gap-2 overflow-y-auto rounded-md border border-border bg-surface p-4"
      tabIndex={0}
    >
      <p className="font-semibold text-fg">{notice.title}</p>
      {notice.blocks.map(({ kind, text }, index) =>
        kind === "heading" ? (
          <p key={index} className="mt-1 font-medium text-fg">
            {text}
          </p>
        ) : (
          <p
            key={index}
            className={
              kind === "item" ? "relative pl-4 before:absolute before:left-0 before:content-['•']" : ""
            }
          >
            {text}
          </p>
        ),
      )}
    </div>
  );
}
