"use client";

import { Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";
import { cn } from "@workspace/ui/lib/cn";
import { countdownText, holdDeadline, secondsLeft, spokenMark } from "./countdown";
import type { HoldState } from "./hold-state";
import { useSecond } from "./use-second";

/** Seconds that the time is still kept; null when nobody keeps it or the page is not alive yet. */
export function useHoldSeconds(state: HoldState): number | null {
  const now = useSecond();
  if (state.kind !== "held" || now === 0) return null;
  const { hold, failing } = state;
  return secondsLeft(
    holdDeadline({ lease: Date.parse(hold.expires_at), max: Date.parse(hold.max_expires_at), failing }),
    now,
  );
}

/** Says the end of the countdown aloud, at thirty and at ten seconds. */
export function HoldVoice({ state }: { state: HoldState }) {
  const t = useTranslations("booking");
  const mark = spokenMark(useHoldSeconds(state) ?? 0);
  return (
    <p role="alert" className="sr-only">
      {mark === null ? "" : t("hold_spoken", { count: mark })}
    </p>
  );
}

export function HoldClock({ state }: { state: HoldState }) {
  const seconds = useHoldSeconds(state);
  if (seconds === null) return null;
  return (
    <span className="inline-flex items-center gap-1.5 font-semibold tabular-nums">
      <Timer aria-hidden="true" strokeWidth={1.75} className="size-5" />
      {countdownText(seconds)}
    </span>
  );
}

/** How long the time is kept, and in the last half minute one tap that keeps it anew. */
export function HoldBox({
  state,
  onRenew,
  className,
}: {
  state: HoldState;
  onRenew: () => void;
  className?: string;
}) {
  const t = useTranslations("booking");
  const seconds = useHoldSeconds(state);
  if (state.kind === "unheld") {
    return (
      <div className={cn("rounded-md border border-warn-line bg-warn-soft px-4 py-3", className)}>
        <p className="font-semibold">{t("unheld_title")}</p>
        <p className="text-muted">{t("unheld_text")}</p>
      </div>
    );
  }
  if (state.kind !== "held" || seconds === null) return null;
  const ending = seconds <= 30;
  return (
    <div
      data-hold=""
      className={cn(
        "flex gap-3 rounded-md border px-4 py-3",
        ending ? "border-warn-line bg-warn-soft" : "border-border bg-surface",
        className,
      )}
    >
      <Timer aria-hidden="true" strokeWidth={1.75} className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold tabular-nums">{t("hold_left", { time: countdownText(seconds) })}</p>
        <p className="text-md text-muted">{state.failing ? t("hold_failing") : t("hold_text")}</p>
        {ending || state.failing ? (
          <Button className="mt-2" onClick={onRenew}>
            {t("hold_renew")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
