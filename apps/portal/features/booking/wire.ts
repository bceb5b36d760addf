import type {
  Availability as FullAvailability,
  Hold as FullHold,
  PublicBooking,
  PublicService,
  PublicSpecialist as FullSpecialist,
  Slot as FullSlot,
} from "@workspace/api-client/shapes";

/** What the booking pages read of the API's answers. Instants are RFC 3339 in UTC. */
export type { PublicService };
export type Category = PublicService["category"];
export type PublicSpecialist = Pick<FullSpecialist, "id" | "name" | "title" | "description" | "slug">;
export type Slot = Pick<FullSlot, "start" | "end" | "price_minor" | "duration_min">;

export type Availability = Pick<FullAvailability, "timezone" | "callback"> & { slots: Slot[] };

/** A hold that this visitor made: the token comes with it. */
export type Hold = FullHold & { hold_token: string };

export type Booking = Pick<
  PublicBooking,
  | "reference"
  | "status"
  | "start"
  | "end"
  | "timezone"
  | "specialist_name"
  | "service_name"
  | "price_minor"
  | "currency"
  | "duration_min"
>;

/** The answer of the booking itself: the link is told once. */
export type MadeBooking = Booking & { manage_token: string; manage_url: string };

/** What the holder of the link sees: never more of the booker than a first name. */
export type LinkedBooking = Booking & Pick<PublicBooking, "first_name">;

/** True when a visitor can choose a time: the length is known and somebody offers it. */
export function bookable(service: PublicService): boolean {
  return service.duration_min !== null && service.specialists.length > 0;
}
