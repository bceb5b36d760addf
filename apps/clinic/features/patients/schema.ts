import { z } from "zod";

const text = (max: number) => z.string().trim().max(max, "too_long");
const email = z.union([z.literal(""), z.email("email").max(254, "too_long")]);
const day = z.union([z.literal(""), z.iso.date("date")]);
export const sexes = ["unknown", "female", "male", "other"] as const;
export const bloodTypes = ["0+", "0-", "A+", "A-", "B+", "B-", "AB+", "AB-"] as const;

export const newPatientSchema = z.object({
  first_name: text(100).min(1, "required"),
  last_name: text(100).min(1, "required"),
  phone: text(40).min(3, "required"),
  email,
  birth_date: day,
  sex: z.enum(sexes),
  cnp: text(40),
  invite: z.boolean(),
});
export type NewPatientInput = z.infer<typeof newPatientSchema>;

/** What the clinic wrote itself. An empty CNP keeps the one that is there. */
export const entrySchema = newPatientSchema.omit({ invite: true, phone: true }).extend({
  phone: text(40),
  file_number: text(40).min(1, "required"),
  archived: z.boolean(),
  occupation: text(120),
  line: text(200),
  locality: text(100),
  county: text(60),
  postal_code: text(6),
  blood_type: z.union([z.literal(""), z.enum(bloodTypes)]),
  allergies: text(4000),
  chronic_conditions: text(4000),
  emergency_contact_name: text(200),
  emergency_contact_phone: text(40),
});
export type EntryInput = z.infer<typeof entrySchema>;
