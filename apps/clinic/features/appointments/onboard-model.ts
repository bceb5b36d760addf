import { onboardSchema, type NewPatientInput, type OnboardInput } from "./schema";
import { splitName, type Appointment, type Candidate, type Patient } from "./wire";

/** Who the guest is: a file of the clinic, or somebody new. */
export type Choice = { kind: "existing"; id: string } | { kind: "new" };

export const onboardSteps = ["patient", "invite", "confirm"] as const;
export type OnboardStep = (typeof onboardSteps)[number];

/** A likeness of that much is taken for the same person until somebody says otherwise. */
const likely = 60;

/** What is chosen at first: the most likely file, else a new one. */
export function firstChoice(candidates: readonly Candidate[]): Choice {
  const best = [...candidates].sort((a, b) => b.score - a.score)[0];
  return best && best.score >= likely ? { kind: "existing", id: best.patient_id } : { kind: "new" };
}

/** The form of a new patient, filled with what the guest gave. */
export function newPatientOf(visit: Pick<Appointment, "contact">): NewPatientInput {
  const { first, last } = splitName(visit.contact.name ?? "");
  return {
    first_name: first,
    last_name: last,
    phone: visit.contact.phone ?? "",
    email: visit.contact.email ?? "",
  };
}

/** What is said of a chosen file, from the candidates or from a search. */
export function chosenPatient(
  choice: Choice,
  candidates: readonly Candidate[],
  found: readonly Patient[],
): Patient | null {
  if (choice.kind === "new") return null;
  const candidate = candidates.find(({ patient_id: id }) => id === choice.id);
  return candidate
    ? { ...candidate, id: candidate.patient_id }
    : (found.find(({ id }) => id === choice.id) ?? null);
}

/** True when a new patient may be made: nobody is like the guest, or somebody looked and said so. */
export function mayCreate(candidates: readonly Candidate[], acknowledged: boolean): boolean {
  return candidates.length === 0 || acknowledged;
}

/** The body of the take-over; null while the choice is not complete. */
export function onboardInput(
  choice: Choice,
  fresh: NewPatientInput,
  candidates: readonly Candidate[],
  answers: { acknowledged: boolean; invite: boolean },
): OnboardInput | null {
  const candidate = candidates.find(({ patient_id: id }) => choice.kind === "existing" && id === choice.id);
  // A file out of a search says on its own whether it has an address; the caller has looked.
  const known = candidate ? candidate.email : "by search";
  const email = choice.kind === "new" ? fresh.email : (known ?? "");
  const input =
    choice.kind === "existing"
      ? { patient_id: choice.id, acknowledge_duplicates: [] }
      : { new_patient: fresh, acknowledge_duplicates: candidates.map(({ patient_id: id }) => id) };
  if (choice.kind === "new" && !mayCreate(candidates, answers.acknowledged)) return null;
  const parsed = onboardSchema.safeParse({ ...input, send_invite: answers.invite && email !== "" });
  return parsed.success ? parsed.data : null;
}
