import type { ComponentProps } from "react";
import { cn } from "../lib/cn";
import { inputClasses } from "./input";

export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      data-slot="textarea"
      rows={rows}
      className={cn(inputClasses, "block py-2 read-only:bg-sunken", className)}
      {...props}
    />
  );
}
