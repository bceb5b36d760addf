"use client";

import { useErrorReference, useErrorText, type ProblemLike } from "@workspace/i18n/error-text";
import { Note } from "@workspace/ui/note";

/** The problem of a form: stays until the next try. */
export function ProblemNote({ problem }: { problem: ProblemLike | null }) {
  const text = useErrorText();
  const reference = useErrorReference();
  if (!problem) return null;
  return (
    <Note tone="danger" role="alert">
      {text(problem)}
      {problem.requestId ? (
        <span className="mt-0.5 block text-xs break-all text-muted">{reference(problem)}</span>
      ) : null}
    </Note>
  );
}
