import { amountText, minorOf } from "./money";
import type { Named, Offer } from "./wire";

/** One line of the editor; what is typed stays text until it is saved. */
export interface OfferDraft {
  id: string;
  name: string;
  offers: boolean;
  price: string;
  duration: string;
  priority: string;
  weight: number;
}

export function draftOf(person: Named, offers: readonly Offer[]): OfferDraft {
  const own = offers.find(({ specialist_id: id }) => id === person.id);
  return {
    id: person.id,
    name: person.name,
    offers: own?.is_active ?? false,
    price: amountText(own?.custom_price_minor ?? null),
    duration: own?.custom_duration_min ? String(own.custom_duration_min) : "",
    priority: own ? String(own.priority) : "50",
    weight: own?.weight ?? 1,
  };
}

const whole = (text: string, low: number, high: number): number | null =>
  /^\d{1,3}$/.test(text.trim()) && Number(text) >= low && Number(text) <= high ? Number(text) : null;

/** The offers of the lines that are switched on; null when one of them holds something that is no number in its range. */
export function offersOf(drafts: readonly OfferDraft[]): Offer[] | null {
  const offers: Offer[] = [];
  for (const draft of drafts) {
    if (!draft.offers) continue;
    const priority = whole(draft.priority || "50", 1, 100);
    const price = draft.price.trim() === "" ? undefined : minorOf(draft.price);
    const duration = draft.duration.trim() === "" ? undefined : whole(draft.duration, 5, 480);
    if (priority === null || price === null || duration === null) return null;
    offers.push({
      specialist_id: draft.id,
      priority,
      weight: draft.weight,
      custom_price_minor: price ?? null,
      custom_duration_min: duration ?? null,
      is_active: true,
    });
  }
  return offers;
}
