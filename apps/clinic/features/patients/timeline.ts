import type { ConsentAct, Visit } from "./wire";

export type Moment =
  | { kind: "visit"; at: string; id: string; visit: Visit }
  | { kind: "consent"; at: string; id: string; act: ConsentAct };

/** Visits and consents in one line, the latest first. */
export function timelineOf(visits: readonly Visit[], acts: readonly ConsentAct[]): Moment[] {
  const out: Moment[] = [
    ...visits.map((visit): Moment => ({ kind: "visit", at: visit.start, id: visit.id, visit })),
    ...acts.map((act): Moment => ({ kind: "consent", at: act.at, id: act.id, act })),
  ];
  return out.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || a.id.localeCompare(b.id));
}
