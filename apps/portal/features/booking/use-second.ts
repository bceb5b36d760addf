"use client";

import { useSyncExternalStore } from "react";
import { serverNow } from "./client";

const listeners = new Set<() => void>();
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = serverNow();
    timer = setInterval(() => {
      now = serverNow();
      for (const each of listeners) each();
    }, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's clock, once a second, in milliseconds; 0 until the page is alive. */
export function useSecond(): number {
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => 0,
  );
}

const nothing = () => () => undefined;

/** The zone of this browser; on the server and for the first paint the clinic's. */
export function useVisitorZone(clinicZone: string): string {
  return useSyncExternalStore(
    nothing,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone || clinicZone,
    () => clinicZone,
  );
}
