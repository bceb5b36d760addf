import type { ComponentProps } from "react";
import { cn } from "../lib/cn";

/** Hairlines between rows, no zebra. Wrap it in a Card; on narrow screens it scrolls inside its own frame. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    <div data-slot="table" className="relative w-full overflow-x-auto">
      <table className={cn("w-full border-collapse text-body", className)} {...props} />
    </div>
  );
}

export function TableHead(props: ComponentProps<"thead">) {
  return <thead {...props} />;
}

export function TableBody({ className, ...props }: ComponentProps<"tbody">) {
  return <tbody className={cn("[&>tr:last-child>td]:border-b-0", className)} {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("group/row hover:bg-hover aria-selected:bg-brand-soft", className)} {...props} />;
}

export interface CellProps {
  /** Numbers and times stand on the right edge with figures of equal width. */
  numeric?: boolean;
}

export function TableHeader({
  className,
  numeric,
  scope = "col",
  ...props
}: ComponentProps<"th"> & CellProps) {
  return (
    <th
      scope={scope}
      className={cn(
        "h-8 border-b border-border bg-surface px-(--cell-x) text-left text-xs font-medium whitespace-nowrap text-muted",
        numeric && "text-right",
        className,
      )}
      {...props}
    />
  );
}

export function TableCell({ className, numeric, ...props }: ComponentProps<"td"> & CellProps) {
  return (
    <td
      className={cn(
        "h-(--row-h) border-b border-border px-(--cell-x) py-1",
        numeric && "text-right whitespace-nowrap tabular-nums",
        className,
      )}
      {...props}
    />
  );
}
