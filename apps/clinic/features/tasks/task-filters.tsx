import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { cn } from "@workspace/ui/lib/cn";
import { ends, owners, states, taskAddress, type TaskQuery } from "./wire";

function Group({
  label,
  options,
}: {
  label: string;
  options: { href: string; text: string; on: boolean }[];
}) {
  return (
    <div role="group" aria-label={label} className="flex overflow-x-auto rounded-sm border border-border">
      {options.map(({ href, text, on }) => (
        <Link
          key={href}
          href={href}
          aria-current={on ? "true" : undefined}
          className={cn(
            "grid min-h-[max(var(--target),30px)] place-items-center border-r border-border px-2.5 font-medium whitespace-nowrap text-muted no-underline last:border-r-0 hover:bg-hover",
            on && "bg-brand-soft text-brand-text hover:bg-brand-soft",
          )}
        >
          {text}
        </Link>
      ))}
    </div>
  );
}

/** State, whose and by when; each choice is an address. */
export async function TaskFilters({ query, mayAssign }: { query: TaskQuery; mayAssign: boolean }) {
  const t = await getTranslations("tasks");
  const to = (change: Partial<TaskQuery>) => taskAddress({ ...query, ...change, page: 1 });
  return (
    <div className="mb-4 flex flex-wrap gap-3">
      <Group
        label={t("filter")}
        options={states.map((state) => ({
          href: to({ state }),
          text: t(`state.${state}`),
          on: state === query.state,
        }))}
      />
      {mayAssign ? (
        <Group
          label={t("whose")}
          options={owners.map((assignee) => ({
            href: to({ assignee }),
            text: t(`owner.${assignee}`),
            on: assignee === query.assignee,
          }))}
        />
      ) : null}
      <Group
        label={t("due")}
        options={ends.map((due) => ({ href: to({ due }), text: t(`end.${due}`), on: due === query.due }))}
      />
    </div>
  );
}
