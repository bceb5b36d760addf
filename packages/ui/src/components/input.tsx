import type { ComponentProps } from "react";
import { cn } from "../lib/cn";

export const inputClasses = cn(
  "min-h-(--control-h) w-full min-w-0 rounded-md border border-border-strong bg-surface px-3 text-base text-fg md:text-body",
  "transition-shadow duration-(--t-fast) compact:rounded-sm compact:px-2.5",
  "aria-invalid:border-danger aria-invalid:shadow-[inset_0_0_0_1px_var(--danger)] aria-invalid:focus-visible:shadow-(--focus-ring)",
  "disabled:cursor-not-allowed disabled:border-border disabled:bg-sunken disabled:text-muted",
);

export function Input({ className, ...props }: ComponentProps<"input">) {
  return (
    <input data-slot="input" className={cn(inputClasses, "read-only:bg-sunken", className)} {...props} />
  );
}
