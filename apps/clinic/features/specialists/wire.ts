import type { Specialty as FullSpecialty } from "@workspace/api-client/shapes";

/** What the pages of specialists read: who, the week and its exceptions. */
export type { ClockRange, DateOverride, Specialist, WeekHours } from "@workspace/api-client/shapes";
export type Specialty = Pick<FullSpecialty, "id" | "title" | "active">;
