import {
  Ban,
  Calendar,
  CheckCheck,
  CircleCheck,
  CirclePlay,
  Phone,
  Timer,
  UserX,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/cn";

/** States of a visit; "hold" is a lease on a time, no visit yet. */
export const visitStatuses = [
  "booked",
  "upcoming",
  "confirmed",
  "inprogress",
  "done",
  "cancelled",
  "noshow",
  "hold",
] as const;
export type VisitStatus = (typeof visitStatuses)[number];

const icons: Record<VisitStatus, LucideIcon> = {
  booked: Phone,
  upcoming: Calendar,
  confirmed: CircleCheck,
  inprogress: CirclePlay,
  done: CheckCheck,
  cancelled: Ban,
  noshow: UserX,
  hold: Timer,
};

export function VisitIcon({ status, className }: { status: VisitStatus; className?: string }) {
  const Icon = icons[status];
  return <Icon aria-hidden="true" strokeWidth={2} className={cn("size-[13px] shrink-0", className)} />;
}

/** A state as a tag; the word comes from the caller. */
export function VisitState({
  status,
  children,
  className,
}: {
  status: VisitStatus;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      data-slot="visit-state"
      data-visit={status}
      className={cn(
        "visit-look inline-flex items-center gap-[5px] rounded-xs py-px pr-[7px] pl-[5px] text-xs leading-[18px] font-medium whitespace-nowrap",
        className,
      )}
    >
      <VisitIcon status={status} />
      {children}
    </span>
  );
}
