import type { Task, TaskAssignee } from "@workspace/api-client/shapes";

export type { Task, TaskAssignee };

export const taskKinds = ["confirm_by_phone", "merge_patients", "pending_approval", "licence_ended"] as const;

export const states = ["open", "closed"] as const;
export const owners = ["all", "me", "none"] as const;
export const ends = ["any", "overdue", "today", "later", "none"] as const;

/** What the list is narrowed by, as the address says it. */
export interface TaskQuery {
  state: (typeof states)[number];
  assignee: (typeof owners)[number];
  due: (typeof ends)[number];
  page: number;
}

type Raw = Record<string, string | string[] | undefined>;

/** Anything the address does not know is the first choice. */
export function readTaskQuery(raw: Raw): TaskQuery {
  const { page } = raw;
  return {
    state: states.find((each) => each === raw.state) ?? "open",
    assignee: owners.find((each) => each === raw.assignee) ?? "all",
    due: ends.find((each) => each === raw.due) ?? "any",
    page: typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

/** The address of a list; first choices are left out of it. */
export function taskAddress({ state, assignee, due, page }: TaskQuery): string {
  const search = new URLSearchParams({ state });
  if (assignee !== "all") search.set("assignee", assignee);
  if (due !== "any") search.set("due", due);
  if (page > 1) search.set("page", String(page));
  return `/tasks?${search.toString()}`;
}

/** Where the work of a task is done; null when it has no page of its own. */
export function taskHref(task: Pick<Task, "kind" | "subject_type" | "subject_id">): string | null {
  if (task.kind === "merge_patients") return "/patients/duplicates";
  if (task.subject_type !== "appointment") return null;
  const visit = encodeURIComponent(task.subject_id);
  return task.kind === "confirm_by_phone" ? `/bookings?visit=${visit}` : `/calendar?visit=${visit}`;
}
