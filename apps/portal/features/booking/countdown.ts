/** Whole seconds until `deadline`, never negative; both in milliseconds. */
export function secondsLeft(deadline: number, now: number): number {
  return Math.max(0, Math.ceil((deadline - now) / 1000));
}

/** `9:42` */
export function countdownText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The mark that is spoken: 30 from thirty seconds on, 10 from ten on, null before and at the end. */
export function spokenMark(seconds: number): 30 | 10 | null {
  if (seconds <= 0 || seconds > 30) return null;
  return seconds <= 10 ? 10 : 30;
}

/** While heartbeats arrive the time is kept until the hold's end of life; without them only until the lease ends. */
export function holdDeadline(hold: { lease: number; max: number; failing: boolean }): number {
  return hold.failing ? Math.min(hold.lease, hold.max) : hold.max;
}

/**
 * Milliseconds to add to this device's clock to get the server's. The Date header is cut to whole seconds; a difference that small
 * is taken for none.
 */
export function clockSkew(dateHeader: string | null, now: number): number {
  const server = Date.parse(dateHeader ?? "");
  if (Number.isNaN(server)) return 0;
  const skew = server + 500 - now;
  return Math.abs(skew) <= 2_000 ? 0 : skew;
}
