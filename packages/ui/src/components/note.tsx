import { CircleCheck, Info, OctagonX, TriangleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../lib/cn";

const looks = {
  neutral: { icon: Info, box: "border-border bg-sunken", mark: "text-muted" },
  info: { icon: Info, box: "border-info-line bg-info-soft", mark: "text-info-text" },
  success: { icon: CircleCheck, box: "border-success-line bg-success-soft", mark: "text-success-text" },
  warn: { icon: TriangleAlert, box: "border-warn-line bg-warn-soft", mark: "text-warn-text" },
  danger: { icon: OctagonX, box: "border-danger-line bg-danger-soft", mark: "text-danger-text" },
} as const;

export interface NoteProps extends Omit<ComponentProps<"div">, "title"> {
  tone?: keyof typeof looks;
  title?: ReactNode;
  actions?: ReactNode;
}

/** What needs reading or deciding; it stays until solved. */
export function Note({ tone = "neutral", title, actions, className, children, ...props }: NoteProps) {
  const look = looks[tone];
  const Icon = look.icon;
  return (
    <div
      data-slot="note"
      className={cn(
        "flex flex-wrap items-start gap-x-2.5 gap-y-3 rounded-md border px-3.5 py-3",
        look.box,
        className,
      )}
      {...props}
    >
      <Icon
        aria-hidden="true"
        strokeWidth={1.75}
        className={cn("mt-[0.15em] size-[1.25em] shrink-0", look.mark)}
      />
      <div className="min-w-0 flex-1 basis-56">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children ? <div className={cn(title ? "mt-0.5" : undefined)}>{children}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
