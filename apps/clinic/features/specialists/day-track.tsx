"use client";

import type { MouseEvent } from "react";
import { cn } from "@workspace/ui/lib/cn";
import { blocksOf } from "./week";
import type { ClockRange } from "./wire";

/**
 * A day as a picture: an hour per column, the ranges as blocks. A click where nothing stands asks for a range there; a click on
 * a block goes to its times. Everything that it does can be done in the times beside it, so it is not read out.
 */
export function DayTrack({
  ranges,
  wrong,
  hours,
  onAdd,
  onPick,
}: {
  ranges: ClockRange[];
  /** Whether the range at that place is wrong. */
  wrong: boolean[];
  hours: { from: number; to: number };
  /** Absent while nothing may be changed. */
  onAdd?: ((minute: number) => void) | undefined;
  onPick: (index: number) => void;
}) {
  const columns = hours.to - hours.from;
  const add = (event: MouseEvent<HTMLDivElement>) => {
    if (!onAdd || event.target !== event.currentTarget) return;
    const box = event.currentTarget.getBoundingClientRect();
    onAdd(hours.from * 60 + Math.floor(((event.clientX - box.left) / box.width) * columns * 60));
  };
  return (
    <div
      aria-hidden="true"
      onClick={add}
      style={{
        backgroundImage: "linear-gradient(to right, var(--border) 1px, transparent 1px)",
        backgroundSize: `${100 / columns}% 100%`,
      }}
      className={cn(
        "relative h-9 overflow-hidden rounded-sm bg-sunken shadow-[inset_0_0_0_1px_var(--border)]",
        onAdd && "cursor-copy",
      )}
    >
      {blocksOf(ranges, hours).map((block, index) =>
        block ? (
          <div
            key={index}
            onClick={() => onPick(index)}
            style={{ left: `${block.left}%`, width: `${block.width}%` }}
            className={cn(
              "absolute inset-y-[3px] flex min-w-1 cursor-pointer items-center justify-center overflow-hidden rounded-xs border px-1 text-2xs font-medium whitespace-nowrap tabular-nums",
              wrong[index]
                ? "border-danger-line bg-danger-soft text-danger-text"
                : "border-brand-line bg-brand-soft text-brand-text",
            )}
          >
            {block.width >= 16 ? block.text : null}
          </div>
        ) : null,
      )}
    </div>
  );
}

/** The hours over the tracks, every second one written. */
export function HourScale({ hours }: { hours: { from: number; to: number } }) {
  const columns = hours.to - hours.from;
  return (
    <div aria-hidden="true" className="relative h-5 text-2xs text-muted tabular-nums">
      {Array.from({ length: columns }, (_, index) => index)
        .filter((index) => index % 2 === 0 && index > 0)
        .map((index) => (
          <span
            key={index}
            style={{ left: `${(index / columns) * 100}%` }}
            className="absolute top-0 -translate-x-1/2"
          >
            {hours.from + index}
          </span>
        ))}
    </div>
  );
}
