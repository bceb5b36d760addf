"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { isCurrent } from "@workspace/shell/lib/current";
import { cn } from "@workspace/ui/lib/cn";

export interface TabLinkProps {
  href: string;
  label: string;
  icon: ReactNode;
  place: "top" | "bottom";
  /** Also current on every address below it. */
  deep?: boolean;
}

export function TabLink({ href, label, icon, place, deep = false }: TabLinkProps) {
  const current = isCurrent(usePathname(), href, deep);
  return (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      className={cn(
        "flex items-center justify-center font-medium text-muted no-underline aria-[current=page]:text-brand-text [&_svg]:size-[22px] [&_svg]:stroke-[1.75] aria-[current=page]:[&_svg]:stroke-[2.2]",
        place === "bottom"
          ? "flex-col gap-[3px] text-xs"
          : "min-h-11 gap-2 rounded-md px-3 text-md hover:bg-hover",
      )}
    >
      {icon}
      {label}
    </Link>
  );
}
