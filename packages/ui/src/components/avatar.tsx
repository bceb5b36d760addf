import { cn } from "../lib/cn";
import { initials, markLetter } from "../lib/initials";

export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid size-7 shrink-0 place-items-center rounded-full bg-brand-soft text-2xs font-semibold text-brand-text",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}

/** The square mark of a clinic without a logo. */
export function BrandMark({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid size-8 shrink-0 place-items-center rounded-md bg-brand text-base font-semibold text-brand-fg",
        className,
      )}
    >
      {markLetter(name)}
    </span>
  );
}
