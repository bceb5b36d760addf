import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { cn } from "@workspace/ui/lib/cn";
import { TaskList } from "@/features/tasks/task-list";

const states = ["open", "closed"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tasks");
  return { title: t("page_title") };
}

export default async function TasksPage({
  searchParams,
}: {
  searchParams: Promise<{ state?: string | string[]; page?: string | string[] }>;
}) {
  await requirePage("tasks.manage");
  const [t, search] = await Promise.all([getTranslations("tasks"), searchParams]);
  const state = states.find((each) => each === search.state) ?? "open";
  const { page } = search;
  const wanted = typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
  return (
    <Page
      title={t("page_title")}
      width="form"
      actions={
        <div
          role="group"
          aria-label={t("filter")}
          className="flex overflow-hidden rounded-sm border border-border"
        >
          {states.map((each) => (
            <Link
              key={each}
              href={`/tasks?state=${each}`}
              aria-current={each === state ? "true" : undefined}
              className={cn(
                "grid min-h-[max(var(--target),30px)] place-items-center border-r border-border px-2.5 font-medium text-muted no-underline last:border-r-0 hover:bg-hover",
                each === state && "bg-brand-soft text-brand-text hover:bg-brand-soft",
              )}
            >
              {t(`state.${each}`)}
            </Link>
          ))}
        </div>
      }
    >
      <TaskList state={state} page={wanted} />
    </Page>
  );
}
