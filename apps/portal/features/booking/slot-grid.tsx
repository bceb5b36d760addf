"use client";

import { useTranslations } from "next-intl";
import { formatTime } from "@workspace/i18n/format";
import type { Locale } from "@workspace/i18n/locales";
import { cn } from "@workspace/ui/lib/cn";
import { Spinner } from "@workspace/ui/spinner";
import { byPartOfDay, type SlotView } from "./slots";

export interface SlotGridProps {
  slots: SlotView[];
  timeZone: string;
  locale: Locale;
  /** The start that is this visitor's. */
  own: string | null;
  taking: boolean;
  onChoose: (slot: SlotView) => void;
}

/** The day's times in parts of the day. A time that somebody else took stays in its place and says so. */
export function SlotGrid({ slots, timeZone, locale, own, taking, onChoose }: SlotGridProps) {
  const t = useTranslations("booking");
  const ownAt = own === null ? null : Date.parse(own);
  return (
    <div className="flex flex-col gap-5">
      {byPartOfDay(slots, timeZone).map(({ part, slots: list }) => (
        <section key={part} aria-labelledby={`part-${part}`}>
          <h3 id={`part-${part}`} className="mb-2 font-regular text-muted">
            {t(`part.${part}`)}
          </h3>
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(76px,1fr))] gap-2">
            {list.map((slot) => {
              const time = formatTime(slot.start, locale, timeZone);
              const mine = Date.parse(slot.start) === ownAt;
              if (slot.taken && !mine) {
                return (
                  <li
                    key={slot.start}
                    className="grid min-h-12 place-items-center rounded-md border border-dashed border-border-strong text-center text-[13px] leading-tight text-muted tabular-nums"
                  >
                    <span>
                      {time}
                      <span className="block">{t("taken")}</span>
                    </span>
                  </li>
                );
              }
              return (
                <li key={slot.start}>
                  <button
                    type="button"
                    aria-pressed={mine}
                    aria-busy={(mine && taking) || undefined}
                    onClick={() => onChoose(slot)}
                    className={cn(
                      "grid min-h-12 w-full place-items-center rounded-md border border-border-strong bg-surface font-medium tabular-nums transition-colors duration-(--t-fast) hover:bg-hover",
                      mine && "border-transparent bg-brand text-brand-fg hover:bg-brand-hover",
                    )}
                  >
                    {mine && taking ? <Spinner /> : time}
                    {mine && taking ? <span className="sr-only">{time}</span> : null}
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}
