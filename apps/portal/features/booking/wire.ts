/** What the Core API answers about services, times, holds and bookings, as the portal reads it. Instants are RFC 3339 in UTC. */

export type Category = "consultation" | "therapy" | "examination" | "procedure";

export interface PublicService {
  id: string;
  name: string;
  slug: string;
  description: string | null;
  category: Category;
  /** Null: arranged by call-back only. */
  duration_min: number | null;
  /** Null is a price on request, 0 is free. */
  price_minor: number | null;
  currency: string;
  modality: string[];
  is_addon: boolean;
  /** Who offers it; nobody means that it cannot be booked online. */
  specialists: { specialist_id: string; price_minor: number | null; duration_min: number | null }[];
}

export interface PublicSpecialist {
  id: string;
  name: string;
  title: string | null;
  description: string | null;
  slug: string;
}

export interface Slot {
  start: string;
  end: string;
  price_minor: number | null;
  duration_min: number;
}

export interface Availability {
  slots: Slot[];
  timezone: string;
  /** True when nothing can be offered and the clinic should be called. */
  callback: boolean;
}

export interface Hold {
  hold_id: string;
  hold_token: string;
  specialist_id: string;
  start: string;
  end: string;
  /** The lease; every heartbeat moves it. */
  expires_at: string;
  /** After this no heartbeat helps. */
  max_expires_at: string;
}

export interface Booking {
  reference: string;
  status: string;
  start: string;
  end: string;
  timezone: string;
  specialist_name: string;
  service_name: string;
  price_minor: number | null;
  currency: string;
  duration_min: number;
}

export interface MadeBooking extends Booking {
  manage_token: string;
  manage_url: string;
}

/** What the holder of the link sees: never more of the booker than a first name. */
export interface LinkedBooking extends Booking {
  first_name?: string;
}

/** True when a visitor can choose a time: the length is known and somebody offers it. */
export function bookable(service: PublicService): boolean {
  return service.duration_min !== null && service.specialists.length > 0;
}
