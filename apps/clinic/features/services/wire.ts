export const categories = ["consultation", "therapy", "examination", "procedure"] as const;
export const modalities = ["in_person", "video", "phone", "home_visit"] as const;

/** A service, and one specialist's part in it; a null price or length there is the service's own. */
export type { Service, ServiceOffer as Offer } from "@workspace/api-client/shapes";

export interface Named {
  id: string;
  name: string;
}
