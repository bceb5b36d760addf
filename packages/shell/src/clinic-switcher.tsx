"use client";

import { ChevronsUpDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import type { OrganizationRef } from "@workspace/api-client/shapes";
import { useErrorText } from "@workspace/i18n/error-text";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@workspace/ui/dropdown-menu";
import { openClinic } from "./handoff";

export interface ClinicSwitcherProps {
  current: OrganizationRef;
  organizations: OrganizationRef[];
  mark: ReactNode;
}

/** The clinic's name; with more than one membership, a list that moves to the other clinic's host and stays signed in. */
export function ClinicSwitcher({ current, organizations, mark }: ClinicSwitcherProps) {
  const t = useTranslations("shell");
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  const face = (
    <>
      {mark}
      <span className="min-w-0 flex-1 truncate font-semibold text-fg">{current.name}</span>
    </>
  );
  if (organizations.length < 2)
    return <div className="flex h-[34px] items-center gap-[9px] px-2">{face}</div>;
  const go = async (id: string) => {
    if (id === current.id) return;
    const result = await openClinic(id);
    if (result.ok) window.location.assign(result.data);
    else setProblem(errorText(result));
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger className="flex min-h-[max(var(--target),34px)] w-full items-center gap-[9px] rounded-sm px-2 text-left hover:bg-hover">
          {face}
          <span className="sr-only">{t("switch_clinic")}</span>
          <ChevronsUpDown aria-hidden="true" strokeWidth={1.75} className="size-4 shrink-0 text-muted" />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" className="w-60">
          <DropdownMenuLabel>{t("your_clinics")}</DropdownMenuLabel>
          <DropdownMenuRadioGroup value={current.id} onValueChange={(id) => void go(id)}>
            {organizations.map((organization) => (
              <DropdownMenuRadioItem key={organization.id} value={organization.id}>
                <span className="truncate">{organization.name}</span>
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
        </DropdownMenuContent>
      </DropdownMenu>
      {problem ? (
        <p role="alert" className="px-2 py-1 text-xs text-danger-text">
          {problem}
        </p>
      ) : null}
    </>
  );
}
