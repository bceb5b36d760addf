import { CircleAlert } from "lucide-react";
import { Slot } from "radix-ui";
import { useId, type ReactNode } from "react";
import { cn } from "../lib/cn";
import { Label } from "./label";

export interface FieldProps {
  label: ReactNode;
  /** One form control; it receives id, aria-describedby and aria-invalid. */
  children: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  /** The word for "optional"; absent means required, which is the norm. */
  optional?: string;
  /** A link or text at the end of the label row. */
  aside?: ReactNode;
  className?: string;
}

export function Field({ label, children, help, error, optional, aside, className }: FieldProps) {
  const id = useId();
  const helpId = `${id}-help`;
  const errorId = `${id}-error`;
  const describedBy = [error ? errorId : null, help ? helpId : null].filter(Boolean).join(" ");
  return (
    <div data-slot="field" className={cn("flex flex-col gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-3">
        <Label htmlFor={id}>
          {label}
          {optional ? <span className="font-regular text-muted"> ({optional})</span> : null}
        </Label>
        {aside}
      </div>
      <Slot.Root
        id={id}
        {...(describedBy ? { "aria-describedby": describedBy } : {})}
        {...(error ? { "aria-invalid": true } : {})}
      >
        {children}
      </Slot.Root>
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
      {help ? (
        <p id={helpId} className="text-[0.875em] text-muted">
          {help}
        </p>
      ) : null}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex gap-1.5 text-[0.875em] text-danger-text">
      <CircleAlert aria-hidden="true" strokeWidth={1.75} className="mt-[0.2em] size-[1.15em] shrink-0" />
      <span>{children}</span>
    </p>
  );
}
