import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/cn";

/** No access: says who can grant it, and there is no data behind it. */
export function Forbidden({
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
    <div
      data-slot="forbidden"
      className={cn(
        "flex max-w-[56ch] items-start gap-4 rounded-lg border border-border bg-surface p-6",
        className,
      )}
    >
      <span className="grid size-10 shrink-0 place-items-center rounded-full bg-sunken text-muted">
        <Lock aria-hidden="true" strokeWidth={1.75} className="size-5" />
      </span>
      <div>
        <h1 className="text-lg">{title}</h1>
        {children ? <p className="mt-1 text-muted">{children}</p> : null}
        {action ? <div className="mt-4">{action}</div> : null}
      </div>
    </div>
  );
}
