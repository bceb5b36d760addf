"use client";

import { useCallback, useState } from "react";
import type { LiveFrame } from "@workspace/api-client/live";

/** A time that a visitor of the booking page keeps. Instants are RFC 3339. */
export interface HeldTime {
  specialist: string;
  start: string;
  end: string;
  /** Milliseconds; without news it is gone then. */
  until: number;
}

const same = (a: HeldTime, b: HeldTime) =>
  a.specialist === b.specialist && Date.parse(a.start) === Date.parse(b.start);

/** Reads a held time out of a frame; null when a member is missing. */
export function heldOf(data: LiveFrame["data"]): HeldTime | null {
  const { specialist_id: specialist, start, end, until } = data ?? {};
  if (typeof specialist !== "string" || typeof start !== "string" || typeof end !== "string") return null;
  const at = typeof until === "string" ? Date.parse(until) : Number.NaN;
  return { specialist, start, end, until: Number.isNaN(at) ? Date.parse(end) : at };
}

/** The held times after one more frame: held adds or renews, released and booked take away, a resync forgets all. */
export function afterFrame(held: readonly HeldTime[], frame: LiveFrame): HeldTime[] {
  if (frame.type === "resync") return [];
  const named = heldOf(frame.data);
  if (!named) return [...held];
  const rest = held.filter((each) => !same(each, named));
  return frame.type === "slot.held" ? [...rest, named] : rest;
}

/** Times that are held on the booking page, as the stream tells them. */
export function useHeldTimes(): [HeldTime[], (frame: LiveFrame) => void] {
  const [held, setHeld] = useState<HeldTime[]>([]);
  const hear = useCallback((frame: LiveFrame) => setHeld((known) => afterFrame(known, frame)), []);
  return [held, hear];
}
