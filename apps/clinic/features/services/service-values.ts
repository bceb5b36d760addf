import { amountText } from "./money";
import type { ServiceInput } from "./schema";
import { modalities, type Service } from "./wire";

/** What the form starts with; null is a new service. */
export function valuesOf(service: Service | null): ServiceInput {
  if (!service) {
    return {
      name: "",
      description: "",
      category: "consultation",
      specialty_id: "",
      duration: "30",
      buffer_before_min: 0,
      buffer_after_min: 0,
      price: "amount",
      amount: "",
      modality: ["in_person"],
      is_addon: false,
      is_public: true,
      published: true,
      self_book: true,
    };
  }
  const minor = service.base_price_minor;
  return {
    name: service.name,
    description: service.description ?? "",
    category: service.category,
    specialty_id: service.specialty_id ?? "",
    duration: service.duration_min === null ? "" : String(service.duration_min),
    buffer_before_min: service.buffer_before_min,
    buffer_after_min: service.buffer_after_min,
    price: minor === null ? "on_request" : minor === 0 ? "free" : "amount",
    amount: minor === null || minor === 0 ? "" : amountText(minor),
    modality: modalities.filter((each) => service.modality.includes(each)),
    is_addon: service.is_addon,
    is_public: service.is_public,
    published: service.published,
    self_book: service.self_book,
  };
}
