"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";

/** Copies a value; the word changes so that the result is also heard. */
export function CopyButton({ value, label, doneLabel }: { value: string; label: string; doneLabel: string }) {
  const [done, setDone] = useState(false);
  return (
    <Button
      variant="line"
      onClick={() => {
        void navigator.clipboard.writeText(value).then(() => setDone(true));
      }}
      onBlur={() => setDone(false)}
    >
      {done ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      <span aria-live="polite">{done ? doneLabel : label}</span>
    </Button>
  );
}
