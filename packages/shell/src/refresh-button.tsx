"use client";

import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "@workspace/ui/button";

/** Reads the page again; the label says how old it is. */
export function RefreshButton({ label }: { label: string }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <Button
      variant="quiet"
      className="font-regular text-muted tabular-nums"
      pending={pending}
      onClick={() => startTransition(() => router.refresh())}
    >
      {pending ? null : <RefreshCw aria-hidden="true" />}
      {label}
    </Button>
  );
}
