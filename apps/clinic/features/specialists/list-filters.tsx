import { Download, Search, X } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { Button } from "@workspace/ui/button";
import { Input, inputClasses } from "@workspace/ui/input";
import { cn } from "@workspace/ui/lib/cn";
import { isNarrowed, listHref, type ListQuery } from "./list-query";
import type { Specialty } from "./wire";

const states = ["", "true", "false"] as const;

/** A plain GET form: what is looked for stands in the address and works without scripts. */
export async function ListFilters({ query, specialties }: { query: ListQuery; specialties: Specialty[] }) {
  const t = await getTranslations("specialists");
  const word = { "": t("filter.all"), true: t("filter.active"), false: t("filter.inactive") };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <form action="/specialists" role="search" className="flex min-w-0 flex-1 basis-80 flex-wrap gap-2">
        <div className="relative min-w-0 flex-1 basis-48">
          <Search
            aria-hidden="true"
            strokeWidth={1.75}
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
          />
          <Input
            type="search"
            name="search"
            aria-label={t("filter.search")}
            placeholder={t("filter.search")}
            defaultValue={query.search}
            maxLength={200}
            className="pl-8 compact:pl-8"
          />
        </div>
        <select
          name="specialty"
          aria-label={t("filter.specialty")}
          defaultValue={query.specialty}
          className={cn(inputClasses, "w-auto max-w-60 flex-1 basis-40 pr-8")}
        >
          <option value="">{t("filter.every_specialty")}</option>
          {specialties.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        {query.active ? <input type="hidden" name="active" value={query.active} /> : null}
        {query.sort === "name" ? null : <input type="hidden" name="sort" value={query.sort} />}
        <Button type="submit" variant="line">
          {t("filter.apply")}
        </Button>
        {isNarrowed(query) ? (
          <Button asChild variant="quiet">
            <Link href={listHref({ ...query, search: "", specialty: "", active: "" })}>
              <X aria-hidden="true" />
              {t("filter.clear")}
            </Link>
          </Button>
        ) : null}
      </form>
      <div
        role="group"
        aria-label={t("filter.state")}
        className="flex overflow-hidden rounded-sm border border-border bg-surface"
      >
        {states.map((each) => (
          <Link
            key={each}
            href={listHref(query, { active: each })}
            aria-current={each === query.active ? "true" : undefined}
            className={cn(
              "grid min-h-[max(var(--target),30px)] place-items-center border-r border-border px-2.5 font-medium text-muted no-underline last:border-r-0 hover:bg-hover",
              each === query.active && "bg-brand-soft text-brand-text hover:bg-brand-soft",
            )}
          >
            {word[each]}
          </Link>
        ))}
      </div>
      <Button asChild variant="line">
        <a href={listHref(query, {}, "/specialists/export")} download>
          <Download aria-hidden="true" />
          {t("export")}
        </a>
      </Button>
    </div>
  );
}
