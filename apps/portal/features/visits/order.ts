import type { Visit } from "./wire";

const closed: readonly Visit["status"][] = ["cancelled", "done", "noshow"];

/** Visits to come, the nearest first, and those that are over, the latest first. `now` is in milliseconds. */
export function splitVisits(visits: readonly Visit[], now: number): { coming: Visit[]; past: Visit[] } {
  const at = (visit: Visit) => Date.parse(visit.start);
  const isComing = (visit: Visit) => !closed.includes(visit.status) && Date.parse(visit.end) > now;
  return {
    coming: visits.filter(isComing).sort((a, b) => at(a) - at(b)),
    past: visits.filter((visit) => !isComing(visit)).sort((a, b) => at(b) - at(a)),
  };
}
