"use client";

import { Menu } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { OfflineBar } from "@workspace/ui/offline-bar";
import { Sheet, SheetContent, SheetTrigger } from "@workspace/ui/sheet";
import { CommandSearch } from "./command-search";
import { NavLink } from "./nav-link";

export interface NavItem {
  href: string;
  label: string;
  icon: ReactNode;
  /** Also current on every address below it. */
  deep?: boolean;
}

export interface NavGroup {
  label?: string;
  items: NavItem[];
}

export interface AppFrameProps {
  groups: NavGroup[];
  /** Top of the sidebar: the clinic and its switcher. */
  head: ReactNode;
  /** Foot of the sidebar: the person. */
  foot: ReactNode;
  name: string;
  banner?: ReactNode;
  children: ReactNode;
}

function Navigation({
  groups,
  label,
  onNavigate,
}: {
  groups: NavGroup[];
  label: string;
  onNavigate?: () => void;
}) {
  return (
    <nav aria-label={label} className="flex flex-col gap-px" onClick={onNavigate}>
      {groups.map((group) => (
        <div
          key={group.label ?? "main"}
          role="group"
          aria-label={group.label}
          className="flex flex-col gap-px"
        >
          {group.label ? (
            <p className="px-2 pt-3.5 pb-1 text-2xs font-medium text-subtle">{group.label}</p>
          ) : null}
          {group.items.map((item) => (
            <NavLink key={item.href} {...item} />
          ))}
        </div>
      ))}
    </nav>
  );
}

/** The frame of clinic and console: sidebar 208 from 768 up, a sheet below. */
export function AppFrame({ groups, head, foot, name, banner, children }: AppFrameProps) {
  const t = useTranslations("shell");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <div className="md:grid md:h-dvh md:grid-cols-[208px_1fr] md:overflow-hidden">
      <aside
        data-shell=""
        className="hidden flex-col overflow-y-auto border-r border-border bg-sunken px-2 py-2.5 md:flex"
      >
        <div className="mb-2">{head}</div>
        <CommandSearch items={groups.flatMap((group) => group.items)} />
        <Navigation groups={groups} label={t("menu")} />
        <div className="mt-auto pt-4">{foot}</div>
      </aside>
      <div className="flex min-w-0 flex-col md:overflow-hidden">
        <header
          data-shell=""
          className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-border bg-surface px-2 md:hidden"
        >
          <Sheet open={open} onOpenChange={setOpen}>
            <SheetTrigger
              aria-label={t("open_menu")}
              className="grid size-11 place-items-center rounded-md hover:bg-hover"
            >
              <Menu aria-hidden="true" strokeWidth={1.75} className="size-5" />
            </SheetTrigger>
            <SheetContent
              side="left"
              title={name}
              closeLabel={common("close")}
              className="bg-sunken [--target:44px]"
            >
              <div className="flex flex-1 flex-col gap-2 px-2 py-3">
                {head}
                <Navigation groups={groups} label={t("menu")} onNavigate={() => setOpen(false)} />
                <div className="mt-auto pt-4">{foot}</div>
              </div>
            </SheetContent>
          </Sheet>
          <span className="min-w-0 flex-1 truncate font-semibold">{name}</span>
        </header>
        <OfflineBar>{t("offline")}</OfflineBar>
        {banner}
        {/* Positioned, because hidden inputs of radios would otherwise stretch the document. */}
        <div className="relative min-h-0 flex-1 md:overflow-y-auto">{children}</div>
      </div>
    </div>
  );
}
