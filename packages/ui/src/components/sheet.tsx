"use client";

import { X } from "lucide-react";
import { Dialog as DialogPrimitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../lib/cn";

export const Sheet = DialogPrimitive.Root;
export const SheetTrigger = DialogPrimitive.Trigger;
export const SheetClose = DialogPrimitive.Close;

export interface SheetContentProps extends Omit<ComponentProps<typeof DialogPrimitive.Content>, "title"> {
  title: ReactNode;
  closeLabel: string;
  side?: "left" | "right";
}

/** A panel at the side for longer work while the page stays in place. */
export function SheetContent({
  title,
  closeLabel,
  side = "right",
  className,
  children,
  ...props
}: SheetContentProps) {
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay className="fixed inset-0 z-40 bg-scrim data-[state=open]:animate-in data-[state=open]:fade-in-0 motion-reduce:animate-none" />
      <DialogPrimitive.Content
        data-slot="sheet"
        aria-describedby={undefined}
        className={cn(
          "fixed inset-y-0 z-50 flex flex-col overflow-y-auto border-border bg-surface text-body text-fg shadow-float motion-reduce:animate-none",
          side === "right"
            ? "right-0 w-[min(480px,100vw)] border-l data-[state=open]:animate-in data-[state=open]:slide-in-from-right"
            : "left-0 w-[min(288px,88vw)] border-r data-[state=open]:animate-in data-[state=open]:slide-in-from-left",
          className,
        )}
        {...props}
      >
        <div className="flex items-center gap-3 px-4 pt-3">
          <DialogPrimitive.Title className="min-w-0 flex-1 truncate font-semibold">
            {title}
          </DialogPrimitive.Title>
          <DialogPrimitive.Close
            aria-label={closeLabel}
            className="grid size-11 shrink-0 place-items-center rounded-sm text-muted hover:bg-hover hover:text-fg"
          >
            <X aria-hidden="true" strokeWidth={1.75} className="size-5" />
          </DialogPrimitive.Close>
        </div>
        {children}
      </DialogPrimitive.Content>
    </DialogPrimitive.Portal>
  );
}
