"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { NavItem } from "./app-frame";
import { isCurrent } from "./current";

export function NavLink({ href, label, icon, deep = false }: NavItem) {
  const current = isCurrent(usePathname(), href, deep);
  return (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      className="flex min-h-[max(var(--target),30px)] items-center gap-[9px] rounded-sm px-2 font-medium text-muted no-underline hover:bg-hover hover:text-fg aria-[current=page]:bg-surface aria-[current=page]:text-fg aria-[current=page]:shadow-[0_0_0_1px_var(--border)] [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.75]"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{label}</span>
    </Link>
  );
}
