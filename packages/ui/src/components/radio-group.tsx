import { RadioGroup as RadioPrimitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../lib/cn";

export function RadioGroup({ className, ...props }: ComponentProps<typeof RadioPrimitive.Root>) {
  return (
    <RadioPrimitive.Root
      data-slot="radio-group"
      className={cn("flex flex-col gap-2", className)}
      {...props}
    />
  );
}

export interface RadioCardProps extends Omit<ComponentProps<typeof RadioPrimitive.Item>, "title"> {
  title: ReactNode;
  description?: ReactNode;
}

/** One option drawn as a card; the whole card is the target. */
export function RadioCard({ className, title, description, ...props }: RadioCardProps) {
  return (
    <RadioPrimitive.Item
      data-slot="radio-card"
      className={cn(
        "group flex w-full items-start gap-3 rounded-md border border-border bg-surface p-3 text-left hover:bg-hover",
        "data-[state=checked]:border-brand data-[state=checked]:shadow-[inset_0_0_0_1px_var(--brand)] focus-visible:shadow-(--focus-ring)",
        className,
      )}
      {...props}
    >
      <span
        aria-hidden="true"
        className="mt-0.5 grid size-[18px] shrink-0 place-items-center rounded-full border border-border-strong bg-surface group-data-[state=checked]:border-[5px] group-data-[state=checked]:border-brand"
      />
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        {description ? <span className="block text-muted">{description}</span> : null}
      </span>
    </RadioPrimitive.Item>
  );
}
