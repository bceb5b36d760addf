"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { formatTime } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { localOf } from "@workspace/i18n/zoned";
import { Button } from "@workspace/ui/button";
import { Note } from "@workspace/ui/note";
import type { HoldState } from "./hold-state";
import { nearestFree, type SlotView } from "./slots";

export interface LostNoteProps {
  state: Extract<HoldState, { kind: "lost" }>;
  slots: SlotView[];
  /** True when the contact form was already written in. */
  typed: boolean;
  zone: string;
  locale: Locale;
  onChoose: (slot: SlotView) => void;
}

/** Says why the time is gone and offers the nearest free one with one tap. What was typed is kept. */
export function LostNote({ state, slots, typed, zone, locale, onChoose }: LostNoteProps) {
  const t = useTranslations("booking");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const time = formatTime(state.start, locale, zone);
  const near = nearestFree(slots, state.start);
  const sameDay = near && localOf(near.start, zone).date === localOf(state.start, zone).date ? near : null;
  const nearTime = sameDay ? formatTime(sameDay.start, locale, zone) : "";
  return (
    <Note
      ref={box}
      tone="warn"
      role="alert"
      tabIndex={-1}
      className="mt-4"
      actions={
        sameDay ? (
          <Button onClick={() => onChoose(sameDay)}>{t("choose_time", { time: nearTime })}</Button>
        ) : null
      }
    >
      {state.reason === "taken" ? t("lost_taken", { time }) : t("lost_expired", { time })}{" "}
      {sameDay ? t("lost_near", { time: nearTime }) : t("lost_other")} {typed ? t("lost_typed") : null}
    </Note>
  );
}
