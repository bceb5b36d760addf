"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { Input } from "@workspace/ui/input";
import { Select } from "@workspace/ui/select";
import { addressOf, type PatientQuery } from "./list-query";

const pause = 250;
const everything = "all";

/** Search as it is typed and filters; all of it stands in the address, so that Back and a link keep it. */
export function FilterBar({ query }: { query: PatientQuery }) {
  const t = useTranslations("patients");
  const router = useRouter();
  const [text, setText] = useState(query.search);
  const [pending, startTransition] = useTransition();
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const go = (change: Partial<PatientQuery>) =>
    startTransition(() => router.replace(addressOf(query, { search: text.trim(), ...change }), { scroll: false }));
  const type = (value: string) => {
    setText(value);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => go({ search: value.trim() }), pause);
  };
  return (
    <form
      role="search"
      action="/patients"
      aria-busy={pending}
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        go({});
      }}
    >
      <label className="relative min-w-[min(100%,16rem)] flex-1">
        <span className="sr-only">{t("search")}</span>
        <Search aria-hidden="true" className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
        <Input
          name="search"
          type="search"
          autoComplete="off"
          className="pl-9"
          placeholder={t("search_hint")}
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      </label>
      <Select
        aria-label={t("state_filter")}
        className="w-36"
        value={query.status || everything}
        onValueChange={(value) => go({ status: value === everything ? "" : value })}
        options={[
          { value: everything, label: t("all") },
          { value: "active", label: t("status_active") },
          { value: "archived", label: t("status_archived") },
        ]}
      />
      <Select
        aria-label={t("account_filter")}
        className="w-40"
        value={query.account || everything}
        onValueChange={(value) => go({ account: value === everything ? "" : value })}
        options={[
          { value: everything, label: t("all") },
          { value: "none", label: t("account_none") },
          { value: "invited", label: t("account_invited") },
          { value: "active", label: t("account_active") },
        ]}
      />
      <Select
        aria-label={t("sort")}
        className="w-44"
        value={query.sort}
        onValueChange={(sort) => go({ sort })}
        options={[
          { value: "name", label: t("sort_name") },
          { value: "-name", label: t("sort_name_back") },
          { value: "-created_at", label: t("sort_newest") },
          { value: "created_at", label: t("sort_oldest") },
        ]}
      />
    </form>
  );
}
