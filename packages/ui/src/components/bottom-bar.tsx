import type { ReactNode } from "react";

export function BottomBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav
      data-shell=""
      aria-label={label}
      className="fixed inset-x-0 bottom-0 z-30 grid h-[68px] auto-cols-fr grid-flow-col border-t border-border bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {children}
    </nav>
  );
}
