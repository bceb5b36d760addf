import { Mail, Phone } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { formatPhone, phoneHref } from "@workspace/i18n/format";
import { Avatar } from "@workspace/ui/avatar";
import { cn } from "@workspace/ui/lib/cn";
import { SpecialistState } from "./specialist-table";
import type { Specialist } from "./wire";

export type SpecialistTab = "profile" | "hours" | "licences";

/** Who it is about, and the sections of the profile as addresses of their own. */
export async function SpecialistHeader({
  person,
  tab,
  mayManage,
}: {
  person: Specialist;
  tab: SpecialistTab;
  mayManage: boolean;
}) {
  const t = await getTranslations("specialists");
  const base = `/specialists/${person.id}`;
  const tabs: { tab: SpecialistTab; href: string; text: string }[] = [
    { tab: "profile", href: base, text: t("profile") },
    { tab: "hours", href: `${base}/hours`, text: t("hours") },
    ...(mayManage ? [{ tab: "licences" as const, href: `${base}/licences`, text: t("licence.list") }] : []),
  ];
  return (
    <div className="-mx-4 -mt-5 border-b border-border bg-surface px-4 pt-4 md:-mx-6 md:px-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Avatar name={person.name} className="size-12 text-base" />
        <div className="min-w-0 flex-1 basis-52">
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="text-lg leading-snug font-semibold">{person.name}</span>
            <SpecialistState
              person={person}
              words={{ active: t("active"), inactive: t("inactive"), noZone: t("no_zone") }}
            />
          </p>
          <p className="text-muted">{person.title ?? t("no_title")}</p>
        </div>
        <div className="flex flex-wrap gap-x-5 gap-y-1 text-muted">
          {person.phone ? (
            <a
              href={phoneHref(person.phone)}
              className="flex items-center gap-1.5 tabular-nums hover:text-fg"
            >
              <Phone aria-hidden="true" strokeWidth={1.75} className="size-4" />
              {formatPhone(person.phone)}
            </a>
          ) : null}
          {person.email ? (
            <a href={`mailto:${person.email}`} className="flex items-center gap-1.5 hover:text-fg">
              <Mail aria-hidden="true" strokeWidth={1.75} className="size-4" />
              {person.email}
            </a>
          ) : null}
        </div>
      </div>
      <nav aria-label={t("sections")} className="mt-2 flex gap-5 overflow-x-auto">
        {tabs.map((each) => (
          <Link
            key={each.tab}
            href={each.href}
            aria-current={each.tab === tab ? "page" : undefined}
            className={cn(
              "-mb-px flex min-h-10 shrink-0 items-center border-b-2 border-transparent font-medium text-muted no-underline hover:text-fg",
              each.tab === tab && "border-brand text-fg",
            )}
          >
            {each.text}
          </Link>
        ))}
      </nav>
    </div>
  );
}
