"use client";

import { ChevronsUpDown, LogOut, UserRound } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import { isLocale, locales, localeNames } from "@workspace/i18n/locales";
import { Avatar } from "@workspace/ui/avatar";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@workspace/ui/dropdown-menu";
import { useChangeLocale } from "./language-switch";
import { signOut } from "./sign-out";
import { readTheme, themes } from "./theme";
import { applyTheme, storedTheme, watchTheme } from "./theme-store";

export function UserMenu({ name, email, accountHref }: { name: string; email: string; accountHref: string }) {
  const t = useTranslations("shell");
  const locale = useLocale();
  const changeLocale = useChangeLocale();
  const theme = useSyncExternalStore(watchTheme, storedTheme, () => "system" as const);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className="flex min-h-[max(var(--target),34px)] w-full items-center gap-[9px] rounded-sm px-2 text-left font-medium text-muted hover:bg-hover hover:text-fg">
        <Avatar name={name || email} className="size-[22px] text-[10px]" />
        <span className="min-w-0 flex-1 truncate">{name || email}</span>
        <ChevronsUpDown aria-hidden="true" strokeWidth={1.75} className="size-4 shrink-0" />
        <span className="sr-only">{t("user_menu")}</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" side="top" className="w-60">
        <div className="px-2.5 py-1.5">
          <p className="truncate font-medium">{name}</p>
          <p className="truncate text-xs text-muted">{email}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href={accountHref}>
            <UserRound aria-hidden="true" />
            {t("account")}
          </Link>
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>{t("language")}</DropdownMenuLabel>
        <DropdownMenuRadioGroup
          value={locale}
          onValueChange={(value) => isLocale(value) && void changeLocale(value)}
        >
          {locales.map((option) => (
            <DropdownMenuRadioItem key={option} value={option} lang={option}>
              {localeNames[option]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuLabel>{t("theme")}</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme} onValueChange={(value) => applyTheme(readTheme(value))}>
          {themes.map((option) => (
            <DropdownMenuRadioItem key={option} value={option} onSelect={(event) => event.preventDefault()}>
              {t(`themes.${option}`)}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOut aria-hidden="true" />
          {t("sign_out")}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
