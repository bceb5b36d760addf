"use client";

import { Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@workspace/ui/button";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@workspace/ui/dropdown-menu";

/** Puts a day's hours on other days: some of them, or all working days at once. */
export function CopyMenu({
  day,
  names,
  disabled,
  onCopy,
}: {
  /** 0 is Monday. */
  day: number;
  names: readonly string[];
  disabled: boolean;
  onCopy: (days: number[]) => void;
}) {
  const t = useTranslations("specialists");
  const [chosen, setChosen] = useState<number[]>([]);
  const name = names[day] ?? "";
  const others = names.map((_, index) => index).filter((index) => index !== day);
  const close = (open: boolean) => {
    if (!open) setChosen([]);
  };
  return (
    <DropdownMenu onOpenChange={close}>
      <DropdownMenuTrigger asChild>
        <Button
          variant="quiet"
          size="icon"
          disabled={disabled}
          title={t("copy_to")}
          aria-label={t("copy_to_of", { day: name })}
        >
          <Copy aria-hidden="true" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>{t("copy_to_title", { day: name })}</DropdownMenuLabel>
        <DropdownMenuItem onSelect={() => onCopy([0, 1, 2, 3, 4])}>{t("copy_workdays")}</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => onCopy(others)}>{t("copy_all")}</DropdownMenuItem>
        <DropdownMenuSeparator />
        {others.map((index) => (
          <DropdownMenuCheckboxItem
            key={index}
            checked={chosen.includes(index)}
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={(checked) =>
              setChosen((known) => (checked ? [...known, index] : known.filter((each) => each !== index)))
            }
          >
            {names[index]}
          </DropdownMenuCheckboxItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem disabled={chosen.length === 0} onSelect={() => onCopy(chosen)}>
          <Copy aria-hidden="true" />
          {t("copy_chosen", { count: chosen.length })}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
