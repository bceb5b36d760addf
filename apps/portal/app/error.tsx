"use client";

import { Crash } from "@workspace/shell/crash";

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <Crash digest={error.digest} retry={reset} />;
}
