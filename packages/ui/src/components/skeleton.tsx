import type { ComponentProps, ReactNode } from "react";
import { cn } from "../lib/cn";

export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      aria-hidden="true"
      data-slot="skeleton"
      className={cn("animate-pulse rounded-sm bg-hover motion-reduce:animate-none", className)}
      {...props}
    />
  );
}

/** The loading state of a page: appears after 300 ms, speaks to screen readers, explains itself after 5 s. */
export function LoadingRegion({
  label,
  slowText,
  children,
}: {
  label: string;
  slowText: string;
  children: ReactNode;
}) {
  return (
    <div role="status" aria-busy="true" className="appear-late">
      <span className="sr-only">{label}</span>
      {children}
      <p className="appear-slow mt-4 text-muted">{slowText}</p>
    </div>
  );
}
