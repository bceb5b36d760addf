import type { EntryInput } from "./schema";
import type { FullPatient } from "./wire";

const orNull = (value: string) => (value === "" ? null : value);
const lines = (value: string) =>
  value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The form's values of a record. The personal number is never put back: it is masked. */
export function entryOf(patient: FullPatient): EntryInput {
  const profile = patient.profile;
  return {
    first_name: patient.first_name,
    last_name: patient.last_name,
    phone: patient.phone ?? "",
    email: patient.email ?? "",
    birth_date: patient.birth_date ?? "",
    sex: patient.sex,
    cnp: "",
    file_number: patient.file_number,
    archived: patient.status === "archived",
    occupation: profile?.occupation ?? "",
    line: profile?.residence.line ?? "",
    locality: profile?.residence.locality ?? "",
    county: profile?.residence.county ?? "",
    postal_code: profile?.residence.postal_code ?? "",
    blood_type: bloodOf(profile?.blood_type ?? ""),
    allergies: (profile?.allergies ?? []).join("\n"),
    chronic_conditions: (profile?.chronic_conditions ?? []).join("\n"),
    emergency_contact_name: profile?.emergency_contact_name ?? "",
    emergency_contact_phone: profile?.emergency_contact_phone ?? "",
  };
}

function bloodOf(text: string): EntryInput["blood_type"] {
  switch (text) {
    case "0+":
    case "0-":
    case "A+":
    case "A-":
    case "B+":
    case "B-":
    case "AB+":
    case "AB-":
      return text;
    default:
      return "";
  }
}

/** The change as the API takes it. What the person owns is only sent when the clinic may write it. */
export function bodyOfEntry(input: EntryInput, withProfile: boolean): Record<string, unknown> {
  const body: Record<string, unknown> = {
    first_name: input.first_name,
    last_name: input.last_name,
    phone: orNull(input.phone),
    email: orNull(input.email),
    birth_date: orNull(input.birth_date),
    sex: input.sex,
    file_number: input.file_number,
    status: input.archived ? "archived" : "active",
    ...(input.cnp === "" ? {} : { cnp: input.cnp }),
  };
  if (!withProfile) return body;
  return {
    ...body,
    profile: {
      occupation: orNull(input.occupation),
      residence: {
        line: orNull(input.line),
        locality: orNull(input.locality),
        county: orNull(input.county),
        postal_code: orNull(input.postal_code),
      },
      blood_type: orNull(input.blood_type),
      allergies: lines(input.allergies),
      chronic_conditions: lines(input.chronic_conditions),
      emergency_contact_name: orNull(input.emergency_contact_name),
      emergency_contact_phone: orNull(input.emergency_contact_phone),
    },
  };
}
