import type { Service, Specialty as FullSpecialty } from "@workspace/api-client/shapes";

/** What the pages of specialists read: who, the week and its exceptions, licences, what is offered. */
export type {
  ClockRange,
  ComingVisit,
  DateOverride,
  Licence,
  LicenceIssuer,
  Specialist,
  WeekHours,
} from "@workspace/api-client/shapes";
export type Specialty = Pick<FullSpecialty, "id" | "title" | "active">;
export type OfferedService = Pick<
  Service,
  "id" | "name" | "duration_min" | "base_price_minor" | "currency" | "published" | "specialists"
>;

/** Somebody of the clinic's staff. */
export interface StaffMember {
  id: string;
  name: string;
  email: string;
}
