import { Check, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@workspace/ui/badge";

export interface TileProps {
  label: string;
  value: ReactNode;
  detail?: ReactNode;
  ok: boolean;
  word: string;
}

/** One service: name, a word for its state, the number that says most. */
export function Tile({ label, value, detail, ok, word }: TileProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5 border-r border-b border-border px-4 py-3">
      <div className="flex items-center justify-between gap-2">
        <span className="truncate text-muted">{label}</span>
        <Badge tone={ok ? "success" : "warn"}>
          {ok ? <Check aria-hidden="true" /> : <TriangleAlert aria-hidden="true" />}
          {word}
        </Badge>
      </div>
      <p className="truncate text-[20px] leading-snug font-semibold tracking-(--track-big) tabular-nums">
        {value}
      </p>
      {detail ? <p className="truncate text-xs text-muted tabular-nums">{detail}</p> : null}
    </div>
  );
}
