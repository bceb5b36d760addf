/** What the Core API answers about specialists, their week and their exceptions. */

export interface Specialist {
  id: string;
  user_id: string | null;
  name: string;
  title: string | null;
  description: string | null;
  slug: string;
  email: string | null;
  phone: string | null;
  stamp_number: string | null;
  /** Null: the public is offered nothing. */
  scheduling_timezone: string | null;
  scheduling_active: boolean;
  buffer_before_min: number;
  buffer_after_min: number;
  colour: string | null;
  specialty_ids: string[];
  row_version: number;
}

export interface Specialty {
  id: string;
  title: string;
  active: boolean;
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
  reason: string | null;
  /** Days that were entered together share it. */
  group_id: string | null;
}
