import type { Task } from "@workspace/api-client/shapes";

export type { Task };

export const taskKinds = ["confirm_by_phone", "merge_patients"] as const;

/** Where the work of a task is done; null when it has no page of its own. */
export function taskHref(task: Pick<Task, "kind" | "subject_type" | "subject_id">): string | null {
  if (task.subject_type !== "appointment") return null;
  const visit = encodeURIComponent(task.subject_id);
  return task.kind === "confirm_by_phone" ? `/bookings?visit=${visit}` : `/calendar?visit=${visit}`;
}
