import type { PatientBrief, PatientMerge, PatientMoved, PatientPair } from "@workspace/api-client/shapes";

export type { PatientBrief, PatientMerge, PatientMoved, PatientPair };

const kinds = {
  appointments: "appointments",
  consents: "consents",
  patient_invitations: "invitations",
  patient_caregivers: "caregivers",
  patient_service_plans: "plans",
  entitlement_ledger: "credits",
  patient_product_orders: "orders",
  "guest_contacts.converted_patient_id": "guests",
} as const;

export type MovedKind = (typeof kinds)[keyof typeof kinds] | "other";

/** What the rows of a table are called on the screen; a table nobody named yet is "other". */
export function movedKind(table: string): MovedKind {
  return table in kinds ? kinds[table as keyof typeof kinds] : "other";
}

/** The record that stays: the one with an account, else the older one. */
export function suggestedKeep(pair: Pick<PatientPair, "first" | "second">): string {
  const { first, second } = pair;
  return second.account_state === "active" && first.account_state !== "active" ? second.id : first.id;
}

/** Merges that may still be undone at the instant. */
export function undoable<T extends Pick<PatientMerge, "undo_until" | "undone_at">>(
  merges: T[],
  now: number,
): T[] {
  return merges.filter((merge) => merge.undone_at === null && Date.parse(merge.undo_until) > now);
}
