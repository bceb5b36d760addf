import { Check, ChevronRight } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { Card, CardHeader } from "@workspace/ui/card";
import { cn } from "@workspace/ui/lib/cn";
import { checklist, stepKeys, type StepKey } from "./checklist";
import { countMembers, readClinic, readDomains, readInvitations } from "./queries";

const places: Record<StepKey, string> = {
  contact: "/settings",
  brand: "/settings/branding",
  team: "/members",
  domain: "/settings/domains",
};

/** The first steps of a new clinic; disappears when all of them are done. */
export async function GettingStarted() {
  const [t, clinic, members, invitations, domains] = await Promise.all([
    getTranslations("dashboard"),
    readClinic(),
    countMembers(),
    readInvitations(),
    readDomains(),
  ]);
  if (!clinic.ok || !members.ok || !invitations.ok || !domains.ok) return null;
  const done = checklist({
    clinic: clinic.data,
    members: members.data,
    invitations: invitations.data,
    domains: domains.data,
  });
  const count = stepKeys.filter((key) => done[key]).length;
  if (count === stepKeys.length) return null;
  return (
    <Card>
      <CardHeader title={t("steps")} mark={t("steps_done", { done: count, all: stepKeys.length })} />
      <ul>
        {stepKeys.map((key) => (
          <li key={key} className="border-b border-border last:border-b-0">
            <Link
              href={places[key]}
              className="flex min-h-13 items-center gap-3 px-4 py-2 text-fg no-underline hover:bg-hover"
            >
              <span
                className={cn(
                  "grid size-6 shrink-0 place-items-center rounded-full border",
                  done[key]
                    ? "border-transparent bg-brand-soft text-brand-text"
                    : "border-border-strong text-transparent",
                )}
              >
                <Check aria-hidden="true" strokeWidth={2.25} className="size-3.5" />
              </span>
              <span className="min-w-0 flex-1">
                <span className={cn("block font-medium", done[key] && "text-muted")}>
                  {t(`step.${key}.title`)}
                </span>
                <span className="block text-muted">{done[key] ? t("done") : t(`step.${key}.text`)}</span>
              </span>
              <ChevronRight aria-hidden="true" strokeWidth={1.75} className="size-4 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
