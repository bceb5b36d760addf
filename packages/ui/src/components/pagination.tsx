import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { buttonVariants } from "./button";
import { cn } from "../lib/cn";

export interface PaginationProps {
  /** Already translated, e.g. "1-25 of 134". */
  summary: ReactNode;
  label: string;
  previousLabel: string;
  nextLabel: string;
  previousHref?: string | undefined;
  nextHref?: string | undefined;
}

function Step({ href, label, children }: { href?: string | undefined; label: string; children: ReactNode }) {
  const classes = cn(buttonVariants({ variant: "line", size: "icon" }));
  if (!href) {
    return (
      <span aria-disabled="true" aria-label={label} className={cn(classes, "text-disabled")}>
        {children}
      </span>
    );
  }
  return (
    <a href={href} aria-label={label} title={label} className={classes}>
      {children}
    </a>
  );
}

export function Pagination({
  summary,
  label,
  previousLabel,
  nextLabel,
  previousHref,
  nextHref,
}: PaginationProps) {
  return (
    <nav aria-label={label} className="flex items-center gap-2 border-t border-border px-3 py-2 text-muted">
      <span className="flex-1 tabular-nums">{summary}</span>
      <Step href={previousHref} label={previousLabel}>
        <ChevronLeft aria-hidden="true" />
      </Step>
      <Step href={nextHref} label={nextLabel}>
        <ChevronRight aria-hidden="true" />
      </Step>
    </nav>
  );
}
