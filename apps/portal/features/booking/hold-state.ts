import type { Hold } from "./wire";

/** Why a time is no longer kept. */
export type LossReason = "taken" | "expired";

export type HoldState =
  | { kind: "none" }
  | { kind: "taking"; start: string }
  | { kind: "held"; start: string; hold: Hold; failing: boolean }
  /** Chosen, but nobody keeps it: holds are not available. The booking itself decides. */
  | { kind: "unheld"; start: string; end: string }
  | { kind: "lost"; start: string; reason: LossReason };

/** What a refused hold means: the time is gone, or the time may still be booked without being kept. */
export function refusedHold(code: string): LossReason | "unheld" {
  if (code === "slot_taken" || code === "slot_not_offered") return "taken";
  return "unheld";
}

/** What a failed heartbeat means: the hold ended, or only this try did not arrive. */
export function failedHeartbeat(status: number): "expired" | "retry" {
  return status === 403 || status === 404 || status === 410 ? "expired" : "retry";
}

/** The start that is this visitor's own at the moment; null when there is none. */
export function ownStart(state: HoldState): string | null {
  return state.kind === "taking" || state.kind === "held" || state.kind === "unheld" ? state.start : null;
}
