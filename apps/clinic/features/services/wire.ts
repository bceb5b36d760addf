export const categories = ["consultation", "therapy", "examination", "procedure"] as const;
export const modalities = ["in_person", "video", "phone", "home_visit"] as const;

/** One specialist's part in a service; null takes the service's own price or length. */
export interface Offer {
  specialist_id: string;
  /** 1 to 100, lower first. */
  priority: number;
  /** 1 to 10: share of new visits where specialists take turns. */
  weight: number;
  custom_price_minor: number | null;
  custom_duration_min: number | null;
  is_active: boolean;
}

export interface Service {
  id: string;
  name: string;
  slug: string;
  description: string | null;
  category: (typeof categories)[number];
  specialty_id: string | null;
  /** Null: reached by call-back. */
  duration_min: number | null;
  buffer_before_min: number;
  buffer_after_min: number;
  /** Null is a price on request, 0 is free. */
  base_price_minor: number | null;
  currency: string;
  modality: string[];
  is_addon: boolean;
  is_public: boolean;
  published: boolean;
  self_book: boolean;
  sort_order: number;
  specialists: Offer[];
  row_version: number;
}

export interface Named {
  id: string;
  name: string;
}
