import type { ComponentProps, ReactNode } from "react";
import { cn } from "../lib/cn";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section
      data-slot="card"
      className={cn("overflow-hidden rounded-lg border border-border bg-surface", className)}
      {...props}
    />
  );
}

export interface CardHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** A count or a badge right after the title. */
  mark?: ReactNode;
  actions?: ReactNode;
  className?: string;
}

export function CardHeader({ title, description, mark, actions, className }: CardHeaderProps) {
  return (
    <header
      className={cn(
        "flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-border px-4 py-3 last:border-b-0 compact:py-2.5",
        className,
      )}
    >
      <div className="min-w-[min(100%,12rem)] flex-1">
        <h2 className="flex items-center gap-2">
          {title}
          {mark ? <span className="font-regular text-muted tabular-nums">{mark}</span> : null}
        </h2>
        {description ? <p className="mt-0.5 max-w-[68ch] text-muted">{description}</p> : null}
      </div>
      {actions}
    </header>
  );
}

export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("p-4", className)} {...props} />;
}

export function CardFooter({ className, ...props }: ComponentProps<"footer">) {
  return (
    <footer
      className={cn(
        "flex flex-wrap items-center justify-end gap-3 border-t border-border bg-sunken px-4 py-3",
        className,
      )}
      {...props}
    />
  );
}
