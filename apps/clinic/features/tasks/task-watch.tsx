"use client";

import { useRouter } from "next/navigation";
import { useLive } from "@workspace/shell/lib/use-live";

/** Reads the list again when somebody else worked on a task. */
export function TaskWatch() {
  const router = useRouter();
  useLive("/api/core/v1/stream", ["task.updated"], () => router.refresh());
  return null;
}
