import type {
  Appointment,
  ClockRange,
  DateOverride as FullOverride,
  PatientCandidate,
  PatientRecord,
  Specialist,
  WeekHours,
} from "@workspace/api-client/shapes";

/** What the clinic's calendar and desk read of the API's answers. Instants are RFC 3339 in UTC. */
export type { Appointment, ClockRange, WeekHours };

/** Somebody who may be the guest of a booking; `score` is 0 to 100. */
export type Candidate = PatientCandidate;
export type Patient = Pick<
  PatientRecord,
  "id" | "first_name" | "last_name" | "email" | "phone" | "file_number"
>;
export type CalendarSpecialist = Pick<
  Specialist,
  "id" | "user_id" | "name" | "title" | "scheduling_timezone" | "scheduling_active"
>;
export type DateOverride = Pick<FullOverride, "id" | "date" | "available" | "ranges">;

/** The name a visit is called by: the patient's, else what the guest gave. */
export function personOf(visit: Pick<Appointment, "patient_name" | "contact">): string | null {
  return visit.patient_name ?? visit.contact.name;
}

/** First and last name out of one line; a single word is a first name. */
export function splitName(name: string): { first: string; last: string } {
  const words = name.trim().split(/\s+/);
  return {
    first: words.slice(0, -1).join(" ") || (words[0] ?? ""),
    last: words.length > 1 ? (words.at(-1) ?? "") : "",
  };
}
