import type { VisitStatus } from "@workspace/ui/visit-state";

/** What the Core API answers about visits, as the clinic reads it. Instants are RFC 3339 in UTC. */

export interface Appointment {
  id: string;
  reference: string;
  status: Exclude<VisitStatus, "hold">;
  start: string;
  end: string;
  timezone: string;
  specialist_id: string;
  specialist_name: string;
  service_id: string | null;
  service_name: string | null;
  patient_id: string | null;
  patient_name: string | null;
  contact: { name: string | null; phone: string | null; email: string | null };
  price_minor: number | null;
  currency: string;
  duration_min: number;
  modality: "in_person" | "video" | "phone" | "home_visit";
  note: string | null;
  source: "public" | "staff" | "portal" | "waitlist" | "series" | "import";
  confirmed_at: string | null;
  confirmed_on_behalf: boolean;
  cancelled_at: string | null;
  cancel_initiator: "patient" | "clinic" | "system" | null;
  cancel_reason: string | null;
  late: boolean;
  created_at: string;
  /** What the caller may do now. */
  allowed: string[];
  row_version: number;
}

/** Somebody who may be the guest of a booking; `score` is 0 to 100. */
export interface Candidate {
  patient_id: string;
  score: number;
  first_name: string;
  last_name: string;
  email: string | null;
  phone: string | null;
  file_number: string;
}

export interface Patient {
  id: string;
  first_name: string;
  last_name: string;
  email: string | null;
  phone: string | null;
  file_number: string;
}

export interface CalendarSpecialist {
  id: string;
  user_id: string | null;
  name: string;
  title: string | null;
  scheduling_timezone: string | null;
  scheduling_active: boolean;
}

/** Local times `HH:MM`; an end may be `24:00`. */
export interface ClockRange {
  start: string;
  end: string;
}

/** `weekday` 1 is Monday. */
export interface WeekHours {
  timezone: string | null;
  hours: (ClockRange & { weekday: number })[];
}

export interface DateOverride {
  id: string;
  date: string;
  available: boolean;
  ranges: ClockRange[];
}

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
