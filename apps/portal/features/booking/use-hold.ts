"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@workspace/api-client/problem";
import { extendHold, makeHold, releaseHold, serverNow, type Wanted } from "./client";
import { holdDeadline } from "./countdown";
import { failedHeartbeat, refusedHold, type HoldState, type LossReason } from "./hold-state";
import type { Slot } from "./wire";

const heartbeatMs = 20_000;

export interface HoldControl {
  state: HoldState;
  /** Gives the old time back and keeps another; answers whether the chosen time may be booked. */
  take: (slot: Pick<Slot, "start" | "end">) => Promise<boolean>;
  /** Keeps the same time anew, for another whole life of a hold. */
  renew: () => Promise<void>;
  release: () => void;
  /** The booking said that the time is gone. */
  lose: (reason: LossReason) => void;
  /** The booking used the hold up. */
  forget: () => void;
}

/** Keeps one time for as long as the page is open: a heartbeat every 20 s, released when the page is left. */
export function useHold(locale: string, { serviceId, specialistId }: Wanted): HoldControl {
  const [state, setState] = useState<HoldState>({ kind: "none" });
  const latest = useRef<HoldState>(state);
  const change = useCallback((next: HoldState) => {
    latest.current = next;
    setState(next);
  }, []);

  const giveBack = useCallback(async () => {
    if (latest.current.kind === "held") await releaseHold(latest.current.hold);
  }, []);

  const take = useCallback(
    async (slot: Pick<Slot, "start" | "end">) => {
      const before = giveBack();
      const taking: HoldState = { kind: "taking", start: slot.start };
      change(taking);
      await before;
      try {
        const hold = await makeHold(locale, { serviceId, specialistId }, slot.start);
        // Meanwhile another time may have been chosen, or the page left.
        if (latest.current !== taking) {
          void releaseHold(hold);
          return false;
        }
        change({ kind: "held", start: slot.start, hold, failing: false });
        return true;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (latest.current !== taking) return false;
        const meaning = refusedHold(error.code);
        change(
          meaning === "unheld"
            ? { kind: "unheld", start: slot.start, end: slot.end }
            : { kind: "lost", start: slot.start, reason: meaning },
        );
        return meaning === "unheld";
      }
    },
    [change, giveBack, locale, serviceId, specialistId],
  );

  const beat = useCallback(async () => {
    const held = latest.current;
    if (held.kind !== "held") return;
    try {
      const fresh = await extendHold(locale, held.hold);
      if (latest.current === held) change({ ...held, hold: { ...held.hold, ...fresh }, failing: false });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (latest.current !== held) return;
      if (failedHeartbeat(error.status) === "expired")
        change({ kind: "lost", start: held.start, reason: "expired" });
      else change({ ...held, failing: true });
    }
  }, [change, locale]);

  const held = state.kind === "held" ? state : null;
  const holdId = held?.hold.hold_id;
  useEffect(() => {
    if (!holdId) return;
    const timer = setInterval(() => void beat(), heartbeatMs);
    const back = () => {
      if (document.visibilityState === "visible") void beat();
    };
    const left = () => void giveBack();
    document.addEventListener("visibilitychange", back);
    window.addEventListener("online", back);
    window.addEventListener("pagehide", left);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", back);
      window.removeEventListener("online", back);
      window.removeEventListener("pagehide", left);
    };
  }, [holdId, beat, giveBack]);

  const deadline = held
    ? holdDeadline({
        lease: Date.parse(held.hold.expires_at),
        max: Date.parse(held.hold.max_expires_at),
        failing: held.failing,
      })
    : null;
  const start = held?.start;
  useEffect(() => {
    if (deadline === null || start === undefined) return;
    const timer = setTimeout(
      () => change({ kind: "lost", start, reason: "expired" }),
      Math.max(0, deadline - serverNow()),
    );
    return () => clearTimeout(timer);
  }, [deadline, start, change]);

  // Leaving the flow by a link of the app gives the time back too.
  useEffect(
    () => () => {
      void giveBack();
      latest.current = { kind: "none" };
    },
    [giveBack],
  );

  const renew = useCallback(async () => {
    const current = latest.current;
    if (current.kind !== "held") return;
    if (current.failing) await beat();
    else await take(current.hold);
  }, [beat, take]);
  const release = useCallback(() => {
    void giveBack();
    change({ kind: "none" });
  }, [change, giveBack]);
  const lose = useCallback(
    (reason: LossReason) => {
      const current = latest.current;
      if (current.kind === "none" || current.kind === "lost") return;
      void giveBack();
      change({ kind: "lost", start: current.start, reason });
    },
    [change, giveBack],
  );
  const forget = useCallback(() => change({ kind: "none" }), [change]);

  return { state, take, renew, release, lose, forget };
}
