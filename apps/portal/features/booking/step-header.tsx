import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@workspace/ui/lib/cn";

export const stepCount = 3;

/** Where the visitor is: a bar of three and "Step 2 of 3" in words, with the way back. */
export function StepHeader({
  step,
  title,
  text,
  back,
}: {
  step: number;
  title: ReactNode;
  text?: ReactNode;
  back: { href: string; onClick?: (event: React.MouseEvent) => void };
}) {
  const t = useTranslations("booking");
  return (
    <header>
      <div className="flex min-h-11 items-center justify-between gap-3">
        <a
          href={back.href}
          onClick={back.onClick}
          className="-ml-1 inline-flex min-h-11 items-center gap-2 rounded-sm px-1 text-brand-text no-underline hover:underline"
        >
          <ArrowLeft aria-hidden="true" strokeWidth={1.75} className="size-[18px]" />
          {t("back")}
        </a>
        <p className="text-md text-muted tabular-nums">{t("step", { step, count: stepCount })}</p>
      </div>
      <div aria-hidden="true" className="flex gap-1.5">
        {Array.from({ length: stepCount }, (_, index) => (
          <span
            key={index}
            className={cn("h-1 flex-1 rounded-full", index < step ? "bg-brand" : "bg-border")}
          />
        ))}
      </div>
      <h1 tabIndex={-1} data-step-title="" className="mt-5 text-2xl tracking-(--track-big)">
        {title}
      </h1>
      {text ? <p className="mt-1.5 text-muted">{text}</p> : null}
    </header>
  );
}
