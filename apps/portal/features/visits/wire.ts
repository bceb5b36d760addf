import type { VisitStatus } from "@workspace/ui/visit-state";

/** A visit as its patient reads it. Instants are RFC 3339 in UTC. */
export interface Visit {
  id: string;
  reference: string;
  status: Exclude<VisitStatus, "hold">;
  start: string;
  end: string;
  timezone: string;
  specialist_name: string;
  service_name: string | null;
  price_minor: number | null;
  currency: string;
  duration_min: number;
  modality: "in_person" | "video" | "phone" | "home_visit";
  note: string | null;
  /** Until when the patient may cancel. */
  cancel_until: string;
  confirmed_at: string | null;
  cancel_reason: string | null;
  /** What the caller may do now. */
  allowed: string[];
  row_version: number;
}
