import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "../lib/cn";

export const badgeVariants = cva(
  "inline-flex items-center gap-1.5 rounded-xs px-[7px] py-px text-xs leading-[18px] font-medium whitespace-nowrap [&_svg]:size-[13px] [&_svg]:shrink-0 [&_svg]:stroke-2",
  {
    variants: {
      tone: {
        neutral: "bg-sunken text-muted shadow-[inset_0_0_0_1px_var(--border)]",
        success: "bg-success-soft text-success-text",
        warn: "bg-warn-soft text-warn-text",
        danger: "bg-danger-soft text-danger-text",
        info: "bg-info-soft text-info-text",
        brand: "bg-brand-soft text-brand-text",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** A state in words; give it an icon, since colour is never the only sign. */
export function Badge({
  className,
  tone,
  ...props
}: ComponentProps<"span"> & VariantProps<typeof badgeVariants>) {
  return <span data-slot="badge" className={cn(badgeVariants({ tone }), className)} {...props} />;
}
