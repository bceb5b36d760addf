"use client";

import { LockKeyhole } from "lucide-react";
import { Dialog as DialogPrimitive } from "radix-ui";
import type { ReactNode } from "react";

export interface LockScreenProps {
  title: ReactNode;
  description: ReactNode;
  children: ReactNode;
}

/** Covers everything, open dialogs too, and can only be left by what stands on it. */
export function LockScreen({ title, description, children }: LockScreenProps) {
  const stay = (event: Event) => event.preventDefault();
  return (
    <DialogPrimitive.Root open>
      <DialogPrimitive.Portal>
        <DialogPrimitive.Overlay className="fixed inset-0 z-60 grid place-items-center overflow-y-auto bg-canvas p-4">
          <DialogPrimitive.Content
            data-slot="lock-screen"
            data-density="comfortable"
            onEscapeKeyDown={stay}
            onPointerDownOutside={stay}
            onInteractOutside={stay}
            className="flex w-full max-w-[400px] flex-col gap-5 rounded-lg border border-border bg-surface p-6 text-body text-fg shadow-float"
          >
            <div>
              <LockKeyhole aria-hidden="true" strokeWidth={1.75} className="mb-3 size-6 text-muted" />
              <DialogPrimitive.Title className="text-lg leading-snug font-semibold">
                {title}
              </DialogPrimitive.Title>
              <DialogPrimitive.Description className="mt-1 text-muted">
                {description}
              </DialogPrimitive.Description>
            </div>
            {children}
          </DialogPrimitive.Content>
        </DialogPrimitive.Overlay>
      </DialogPrimitive.Portal>
    </DialogPrimitive.Root>
  );
}
