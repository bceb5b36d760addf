import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "../lib/cn";
import { Spinner } from "./spinner";

export const buttonVariants = cva(
  [
    "inline-flex min-h-(--control-h) shrink-0 select-none items-center justify-center gap-2 rounded-md border px-[calc(var(--control-h)*0.38)] text-body leading-snug font-medium whitespace-nowrap no-underline",
    "transition-colors duration-(--t-fast) ease-out compact:rounded-sm",
    "disabled:cursor-not-allowed aria-disabled:cursor-not-allowed",
    "[&_svg]:size-(--icon) [&_svg]:shrink-0 [&_svg]:stroke-[1.75]",
  ],
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-brand text-brand-fg hover:bg-brand-hover disabled:bg-hover disabled:text-muted disabled:border-border",
        outline:
          "border-border-strong bg-surface text-fg hover:bg-hover disabled:border-border disabled:text-disabled",
        line: "border-border bg-surface text-fg hover:bg-hover disabled:text-disabled",
        quiet: "border-transparent bg-transparent text-fg hover:bg-hover disabled:text-disabled",
        danger:
          "border-border-strong bg-surface text-danger-text hover:bg-danger-soft disabled:border-border disabled:text-disabled",
        "danger-solid":
          "border-transparent bg-danger text-danger-fg hover:opacity-90 disabled:bg-hover disabled:text-muted disabled:border-border",
      },
      size: {
        default: "",
        tall: "min-h-[calc(var(--control-h)+4px)]",
        icon: "w-(--control-h) px-0",
      },
    },
    defaultVariants: { variant: "outline", size: "default" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  asChild?: boolean;
  /** Shows a spinner and refuses clicks while the width stays the same. */
  pending?: boolean;
}

export function Button({
  className,
  variant,
  size,
  asChild = false,
  pending = false,
  children,
  disabled,
  ...props
}: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root data-slot="button" className={classes} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      data-slot="button"
      type="button"
      className={classes}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...props}
    >
      {pending ? <Spinner /> : null}
      {children}
    </button>
  );
}
