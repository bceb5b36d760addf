import type { Licence } from "./wire";

export type LicenceState = "ended" | "week" | "month" | "soon" | "valid";

/** How near the end is, by the days on which the clinic is reminded: 60, 30 and 7. */
export function licenceState({ days_left: left }: Pick<Licence, "days_left">): LicenceState {
  if (left <= 0) return "ended";
  if (left <= 7) return "week";
  if (left <= 30) return "month";
  return left <= 60 ? "soon" : "valid";
}

/** How much of the last year before the end is left, in hundredths, for the bar beside the words. */
export function licenceShare({ days_left: left }: Pick<Licence, "days_left">): number {
  return Math.round(Math.min(1, Math.max(0, left / 365)) * 100);
}
