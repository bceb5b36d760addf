import { Switch as SwitchPrimitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "../lib/cn";

/** A switch acts at once; use a checkbox for what waits for "save". */
export function Switch({ className, ...props }: ComponentProps<typeof SwitchPrimitive.Root>) {
  return (
    <SwitchPrimitive.Root
      data-slot="switch"
      className={cn(
        "relative inline-flex h-7 w-12 shrink-0 items-center rounded-full border border-border-strong bg-sunken transition-colors duration-(--t-fast)",
        "compact:h-6 compact:w-10 data-[state=checked]:border-transparent data-[state=checked]:bg-brand disabled:cursor-not-allowed disabled:opacity-60",
        className,
      )}
      {...props}
    >
      <SwitchPrimitive.Thumb className="block size-5 translate-x-1 rounded-full bg-border-strong transition-transform duration-(--t-fast) compact:size-4 data-[state=checked]:translate-x-[22px] data-[state=checked]:bg-brand-fg compact:data-[state=checked]:translate-x-[18px]" />
    </SwitchPrimitive.Root>
  );
}
