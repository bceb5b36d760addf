"use client";

import { useCallback, useState } from "react";
import type { ProblemLike } from "@workspace/i18n/error-text";

export interface PostProblem extends ProblemLike {
  fields: Record<string, string>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function problemOf(body: unknown, status: number): PostProblem {
  const problem = isRecord(body) ? body : {};
  const fields: Record<string, string> = {};
  if (Array.isArray(problem.errors)) {
    for (const entry of problem.errors) {
      if (isRecord(entry) && typeof entry.location === "string" && typeof entry.message === "string")
        fields[entry.location.replace(/^body\./, "")] = entry.message;
    }
  }
  return {
    code: typeof problem.code === "string" ? problem.code : `http_${status}`,
    requestId: typeof problem.request_id === "string" ? problem.request_id : undefined,
    retryAfterSeconds: typeof problem.retry_after === "number" ? problem.retry_after : undefined,
    fields,
  };
}

/** Sends JSON to a route of this app and keeps what a form has to show: waiting and the problem. */
export function usePost() {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<PostProblem | null>(null);

  const post = useCallback(
    async (
      path: string,
      body: unknown,
      method: "POST" | "DELETE" = "POST",
    ): Promise<Record<string, unknown> | null> => {
      setPending(true);
      setProblem(null);
      try {
        const response = await fetch(path, {
          method,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        const answer: unknown = await response.json().catch(() => null);
        if (response.ok) return isRecord(answer) ? answer : {};
        setProblem(problemOf(answer, response.status));
      } catch {
        setProblem({ code: "network_unavailable", fields: {} });
      } finally {
        setPending(false);
      }
      return null;
    },
    [],
  );

  const fail = useCallback((code: string) => setProblem({ code, fields: {} }), []);
  const clear = useCallback(() => setProblem(null), []);
  return { pending, problem, post, fail, clear };
}
