"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useId, useState, type KeyboardEvent } from "react";
import { Dialog, DialogContent } from "@workspace/ui/dialog";
import { Input } from "@workspace/ui/input";
import type { NavItem } from "./app-frame";
import { matching } from "./match";

/** Ctrl K (Cmd K) from anywhere: type a few letters of a page, Enter opens it. It offers what the menu offers, no more. */
export function CommandSearch({ items }: { items: NavItem[] }) {
  const t = useTranslations("shell");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const shortcut = (event: globalThis.KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen((now) => !now);
      }
    };
    window.addEventListener("keydown", shortcut);
    return () => window.removeEventListener("keydown", shortcut);
  }, []);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-keyshortcuts="Control+K Meta+K"
        className="mb-2 flex min-h-[max(var(--target),30px)] w-full items-center gap-[9px] rounded-sm border border-border bg-surface px-2 text-left text-muted hover:border-border-strong hover:text-fg"
      >
        <Search aria-hidden="true" strokeWidth={1.75} className="size-4 shrink-0" />
        <span className="min-w-0 flex-1 truncate">{t("search")}</span>
        <kbd aria-hidden="true" className="font-sans text-2xs text-subtle">
          Ctrl K
        </kbd>
      </button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title={t("search_title")}
          closeLabel={common("close")}
          className="md:top-[20%] md:translate-y-0"
        >
          <Results items={items} onChosen={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

/** The question and its answers: the field keeps the focus, arrows move the choice. */
function Results({ items, onChosen }: { items: NavItem[]; onChosen: () => void }) {
  const t = useTranslations("shell");
  const router = useRouter();
  const list = useId();
  const [question, setQuestion] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = matching(items, question);

  const openPage = (item: NavItem | undefined) => {
    if (!item) return;
    onChosen();
    router.push(item.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setChosen((now) => (now + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      openPage(found[chosen]);
    }
  };

  return (
    <div className="flex flex-col gap-2">
      <Input
        autoFocus
        role="combobox"
        aria-label={t("search_title")}
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
        value={question}
        placeholder={t("search_hint")}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setQuestion(event.target.value);
          setChosen(0);
        }}
      />
      <ul
        id={list}
        role="listbox"
        aria-label={t("menu")}
        className="flex max-h-[50dvh] flex-col gap-px overflow-y-auto"
      >
        {found.map((item, at) => (
          <li
            key={item.href}
            id={`${list}-${at}`}
            role="option"
            aria-selected={at === chosen}
            onMouseMove={() => setChosen(at)}
            onClick={() => openPage(item)}
            className="flex min-h-[max(var(--target),34px)] cursor-default items-center gap-[9px] rounded-sm px-2 aria-selected:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.75] [&_svg]:text-muted"
          >
            {item.icon}
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
          </li>
        ))}
      </ul>
      <p role="status" className={found.length > 0 ? "sr-only" : "px-2 py-3 text-muted"}>
        {t("search_found", { count: found.length })}
      </p>
    </div>
  );
}
