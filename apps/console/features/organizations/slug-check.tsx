"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { isSlug } from "@workspace/org/host";
import { slugIsFree } from "./actions";

const pauseMs = 400;

/** Says while typing whether the address is free; it asks the API, which is outside React, after a short pause. */
export function SlugCheck({ slug }: { slug: string }) {
  const t = useTranslations("organizations");
  const [known, setKnown] = useState<{ slug: string; free: boolean } | null>(null);
  const valid = isSlug(slug);
  useEffect(() => {
    if (!valid) return;
    let current = true;
    const timer = window.setTimeout(() => {
      void slugIsFree(slug).then((result) => {
        if (current && result.ok) setKnown({ slug, free: result.data });
      });
    }, pauseMs);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [slug, valid]);
  if (!valid) return null;
  if (known?.slug !== slug) return <span className="text-muted">{t("slug_checking")}</span>;
  const Icon = known.free ? CircleCheck : CircleX;
  return (
    <span
      role="status"
      className={
        known.free
          ? "flex items-center gap-1.5 text-success-text"
          : "flex items-center gap-1.5 text-danger-text"
      }
    >
      <Icon aria-hidden="true" strokeWidth={1.75} className="size-4" />
      {t(known.free ? "slug_free" : "slug_used", { slug })}
    </span>
  );
}
