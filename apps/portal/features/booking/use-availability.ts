"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@workspace/api-client/problem";
import { addDays, instantOf } from "@workspace/i18n/zoned";
import { useLive } from "@workspace/shell/lib/use-live";
import { fetchAvailability, type Wanted } from "./client";
import { mergeSlots, type SlotView } from "./slots";
import type { Availability } from "./wire";

/** How many days one question asks for. */
export const windowDays = 28;
/** A push is answered that soon, so that several at once cost one read. */
const gatherMs = 300;
/** Between two reads caused by pushes at least that long, since the API counts reads. */
const quietMs = 2_500;
const events = ["slot.held", "slot.released", "slot.booked", "availability.changed"];

export interface AvailabilityStart {
  answer: Availability;
  /** First local date of the answer, in the clinic's zone. */
  from: string;
}

export interface AvailabilityControl {
  slots: SlotView[];
  /** The last local date that was asked for. */
  loadedTo: string;
  loading: boolean;
  problem: ApiError | null;
  live: boolean;
  loadMore: () => void;
  refresh: () => Promise<void>;
}

/** Free times of a service, read by the page, kept fresh by the public stream; without the stream they are read on return to the page. */
export function useAvailability(
  locale: string,
  { serviceId, specialistId }: Wanted,
  start: AvailabilityStart,
  zones: { clinic: string; visitor: string },
  own: string | null,
): AvailabilityControl {
  const [slots, setSlots] = useState<SlotView[]>(() =>
    start.answer.slots.map((slot) => ({ ...slot, taken: false })),
  );
  const [loadedTo, setLoadedTo] = useState(addDays(start.from, windowDays - 1));
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const ownRef = useRef(own);
  useEffect(() => {
    ownRef.current = own;
  });

  const read = useCallback(
    async (from: string, to: string) => {
      setLoading(true);
      try {
        const answer = await fetchAvailability(
          locale,
          { serviceId, specialistId },
          { from, to, tz: zones.visitor },
        );
        const span = {
          from: instantOf(from, 0, zones.visitor),
          to: instantOf(addDays(to, 1), 0, zones.visitor),
        };
        setSlots((known) => mergeSlots(known, answer.slots, span, ownRef.current));
        setProblem(null);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setProblem(error);
      } finally {
        setLoading(false);
      }
    },
    [locale, serviceId, specialistId, zones.visitor],
  );

  const refresh = useCallback(async () => {
    for (let from = start.from; from <= loadedTo; from = addDays(from, windowDays))
      await read(from, addDays(from, windowDays - 1));
  }, [read, start.from, loadedTo]);

  const loadMore = useCallback(() => {
    const from = addDays(loadedTo, 1);
    const to = addDays(loadedTo, windowDays);
    setLoadedTo(to);
    void read(from, to);
  }, [loadedTo, read]);

  const pending = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  const lastRead = useRef(0);
  const soon = useCallback(() => {
    pending.current ??= setTimeout(
      () => {
        pending.current = undefined;
        lastRead.current = Date.now();
        void latest.current();
      },
      Math.max(gatherMs, lastRead.current + quietMs - Date.now()),
    );
  }, []);
  useEffect(() => () => clearTimeout(pending.current), []);
  const query = new URLSearchParams({ service_id: serviceId });
  if (specialistId) query.set("specialist_id", specialistId);
  const live = useLive(`/api/core/v1/public/availability/stream?${query.toString()}`, events, soon);

  useEffect(() => {
    const back = () => {
      if (document.visibilityState === "visible") soon();
    };
    document.addEventListener("visibilitychange", back);
    window.addEventListener("online", back);
    return () => {
      document.removeEventListener("visibilitychange", back);
      window.removeEventListener("online", back);
    };
  }, [soon]);

  // The page was made in the clinic's zone; elsewhere the first and the last day have other ends.
  const elsewhere = zones.visitor !== zones.clinic;
  useEffect(() => {
    if (elsewhere) soon();
  }, [elsewhere, soon]);

  return { slots, loadedTo, loading, problem, live, loadMore, refresh };
}
