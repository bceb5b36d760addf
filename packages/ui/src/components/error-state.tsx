import { OctagonX } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/cn";

export interface ErrorStateProps {
  title: ReactNode;
  detail?: ReactNode;
  /** Already translated line with the problem code and the request id. */
  reference?: ReactNode;
  retry?: ReactNode;
  className?: string;
}

export function ErrorState({ title, detail, reference, retry, className }: ErrorStateProps) {
  return (
    <div
      role="alert"
      data-slot="error-state"
      className={cn(
        "flex items-start gap-3 rounded-lg border border-danger-line bg-danger-soft p-4",
        className,
      )}
    >
      <OctagonX aria-hidden="true" strokeWidth={1.75} className="mt-0.5 size-5 shrink-0 text-danger-text" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {detail ? <p className="mt-0.5 max-w-[68ch]">{detail}</p> : null}
        {reference ? <p className="mt-1 text-xs break-all text-muted tabular-nums">{reference}</p> : null}
        {retry ? <div className="mt-3">{retry}</div> : null}
      </div>
    </div>
  );
}
