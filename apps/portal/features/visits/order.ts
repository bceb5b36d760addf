import type { Visit } from "./wire";

const closed: readonly Visit["status"][] = ["cancelled", "done", "noshow"];

/** Visits to come, the nearest first, and those that are over, the latest first. `now` is in milliseconds. */
export function splitVisits<T extends Pick<Visit, "start" | "end" | "status">>(
  visits: readonly T[],
  now: number,
): { coming: T[]; past: T[] } {
  const at = (visit: T) => Date.parse(visit.start);
  const isComing = (visit: T) => !closed.includes(visit.status) && Date.parse(visit.end) > now;
  return {
    coming: visits.filter(isComing).sort((a, b) => at(a) - at(b)),
    past: visits.filter((visit) => !isComing(visit)).sort((a, b) => at(b) - at(a)),
  };
}
