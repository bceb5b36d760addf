import type { PublicService, PublicSpecialist } from "./wire";

/** What the flow needs of a service; nothing else travels to the browser. */
export type FlowService = Pick<PublicService, "id" | "slug" | "name" | "price_minor" | "currency"> & {
  duration_min: number;
};
export type FlowSpecialist = Pick<PublicSpecialist, "id" | "name" | "title">;

export interface ClinicFacts {
  name: string;
  timeZone: string;
  phone: string | null;
  /** One line; null when the clinic published none. */
  address: string | null;
}
