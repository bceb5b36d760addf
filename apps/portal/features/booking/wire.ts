/** What the Core API answers about services, times, holds and bookings, as the portal reads it. Instants are RFC 3339 in UTC. */

export interface PublicService {
  id: string;
  name: string;
  slug: string;
  description: string | null;
  category: string | null;
  duration_min: number;
  base_price_minor: number | null;
  currency: string;
  on_request: boolean;
  free: boolean;
  modality: string[];
  self_book: boolean;
  is_addon: boolean;
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
  first_name: string | null;
}

/** The notice that stands above the button; a new text gets a new number. */
export const privacyPolicyVersion = 1;
