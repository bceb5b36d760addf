import { CalendarMinus, CalendarPlus, CalendarX } from "lucide-react";
import { cn } from "@workspace/ui/lib/cn";
import type { Kind } from "./month";

const looks = {
  off: { icon: CalendarX, box: "bg-danger-soft text-danger-text" },
  part: { icon: CalendarMinus, box: "bg-warn-soft text-warn-text" },
  extra: { icon: CalendarPlus, box: "bg-success-soft text-success-text" },
} as const;

/** The look of a kind of exception: an icon and a colour, and words where there is room. */
export function KindMark({ kind, text, className }: { kind: Kind; text?: string; className?: string }) {
  const Icon = looks[kind].icon;
  return (
    <span
      className={cn(
        "inline-flex min-w-0 items-center gap-1 rounded-xs px-1 py-px text-2xs leading-4 font-medium tabular-nums",
        looks[kind].box,
        className,
      )}
    >
      <Icon aria-hidden="true" strokeWidth={2} className="size-3.5 shrink-0" />
      {text ? <span className="truncate">{text}</span> : null}
    </span>
  );
}
