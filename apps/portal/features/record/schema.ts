import { z } from "zod";

const text = (max: number) => z.string().trim().max(max, "too_long");
export const sexes = ["unknown", "female", "male", "other"] as const;
export const bloodTypes = ["0+", "0-", "A+", "A-", "B+", "B-", "AB+", "AB-"] as const;

export const recordSchema = z.object({
  first_name: text(100).min(1, "required"),
  last_name: text(100).min(1, "required"),
  birth_date: z.union([z.literal(""), z.iso.date("date")]),
  sex: z.enum(sexes),
  phone: text(40),
  email: z.union([z.literal(""), z.email("email").max(254, "too_long")]),
  allergies: text(4000),
  chronic_conditions: text(4000),
  blood_type: z.union([z.literal(""), z.enum(bloodTypes)]),
  emergency_contact_name: text(200),
  emergency_contact_phone: text(40),
  line: text(200),
  locality: text(100),
  county: text(60),
  postal_code: text(6),
  occupation: text(120),
});
export type RecordInput = z.infer<typeof recordSchema>;
