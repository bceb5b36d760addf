import type { ReactNode } from "react";
import { cn } from "../lib/cn";

/** First-time and after-filter emptiness: a sentence and the next action, no picture. */
export function EmptyState({
  title,
  children,
  action,
  className,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div data-slot="empty-state" className={cn("flex flex-col items-start gap-3 px-5 py-8", className)}>
      <div>
        <p className="font-semibold">{title}</p>
        {children ? <p className="mt-1 max-w-[60ch] text-muted">{children}</p> : null}
      </div>
      {action}
    </div>
  );
}
