import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { TaskFilters } from "@/features/tasks/task-filters";
import { TaskList } from "@/features/tasks/task-list";
import { readTaskQuery } from "@/features/tasks/wire";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tasks");
  return { title: t("page_title") };
}

export default async function TasksPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const session = await requirePage("tasks.manage");
  const [t, raw] = await Promise.all([getTranslations("tasks"), searchParams]);
  const query = readTaskQuery(raw);
  const mayAssign = session.can("tasks.assign");
  return (
    <Page title={t("page_title")} width="form">
      <TaskFilters query={query} mayAssign={mayAssign} />
      <TaskList query={query} me={session.me.id} mayAssign={mayAssign} />
    </Page>
  );
}
