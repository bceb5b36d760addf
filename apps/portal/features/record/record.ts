import { bloodTypes, type RecordInput } from "./schema";
import type { OwnProfile } from "./wire";

const orNull = (value: string) => (value === "" ? null : value);
const lines = (value: string) =>
  value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The form's values of a record; lists are one entry on each line. */
export function valuesOf(record: OwnProfile): RecordInput {
  return {
    first_name: record.first_name,
    last_name: record.last_name,
    birth_date: record.birth_date ?? "",
    sex: record.sex,
    phone: record.phone ?? "",
    email: record.email ?? "",
    allergies: (record.allergies ?? []).join("\n"),
    chronic_conditions: (record.chronic_conditions ?? []).join("\n"),
    blood_type: bloodTypes.find((each) => each === record.blood_type) ?? "",
    emergency_contact_name: record.emergency_contact_name ?? "",
    emergency_contact_phone: record.emergency_contact_phone ?? "",
    line: record.residence.line ?? "",
    locality: record.residence.locality ?? "",
    county: record.residence.county ?? "",
    postal_code: record.residence.postal_code ?? "",
    occupation: record.occupation ?? "",
  };
}

/** The change as the API takes it. */
export function bodyOf(input: RecordInput): Record<string, unknown> {
  const { line, locality, county, postal_code, allergies, chronic_conditions, ...rest } = input;
  return {
    ...rest,
    birth_date: orNull(rest.birth_date),
    phone: orNull(rest.phone),
    email: orNull(rest.email),
    blood_type: orNull(rest.blood_type),
    occupation: orNull(rest.occupation),
    emergency_contact_name: orNull(rest.emergency_contact_name),
    emergency_contact_phone: orNull(rest.emergency_contact_phone),
    allergies: lines(allergies),
    chronic_conditions: lines(chronic_conditions),
    residence: {
      line: orNull(line),
      locality: orNull(locality),
      county: orNull(county),
      postal_code: orNull(postal_code),
    },
  };
}
