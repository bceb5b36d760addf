import { ChevronRight, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Avatar } from "@workspace/ui/avatar";
import { Card } from "@workspace/ui/card";
import type { PublicSpecialist } from "./wire";

function Row({ href, mark, title, text }: { href: string; mark: ReactNode; title: string; text?: string }) {
  return (
    <li className="border-b border-border last:border-b-0">
      <a
        href={href}
        className="flex min-h-16 items-center gap-3 px-4 py-2.5 text-fg no-underline hover:bg-hover"
      >
        {mark}
        <span className="min-w-0 flex-1">
          <span className="block font-semibold">{title}</span>
          {text ? <span className="line-clamp-2 block text-md text-muted">{text}</span> : null}
        </span>
        <ChevronRight aria-hidden="true" strokeWidth={1.75} className="size-5 shrink-0 text-muted" />
      </a>
    </li>
  );
}

/** Any specialist first, since it offers the most times; then each by name. */
export function SpecialistChoice({
  service,
  specialists,
}: {
  service: string;
  specialists: PublicSpecialist[];
}) {
  const t = useTranslations("booking");
  const href = (who: string) =>
    `/book?service=${encodeURIComponent(service)}&specialist=${encodeURIComponent(who)}`;
  return (
    <Card>
      <ul>
        <Row
          href={href("any")}
          title={t("any_specialist")}
          text={t("any_specialist_text")}
          mark={
            <span className="grid size-11 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-text">
              <UsersRound aria-hidden="true" strokeWidth={1.75} className="size-5" />
            </span>
          }
        />
        {specialists.map((specialist) => (
          <Row
            key={specialist.id}
            href={href(specialist.slug)}
            title={specialist.name}
            mark={<Avatar name={specialist.name} className="size-11 text-md" />}
            {...(specialist.title ? { text: specialist.title } : {})}
          />
        ))}
      </ul>
    </Card>
  );
}
