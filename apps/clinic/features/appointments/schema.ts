import { z } from "zod";

const text = (max: number) => z.string().trim().max(max, "too_long");

export const newPatientSchema = z.object({
  first_name: text(100).min(1, "required"),
  last_name: text(100).min(1, "required"),
  phone: text(40).min(3, "required"),
  email: z.union([z.literal(""), z.email("email").max(254, "too_long")]),
});
export type NewPatientInput = z.infer<typeof newPatientSchema>;

/** Exactly one of the two ways to name the patient. */
export const onboardSchema = z
  .object({
    patient_id: z.uuid().optional(),
    new_patient: newPatientSchema.optional(),
    acknowledge_duplicates: z.array(z.uuid()).max(100),
    send_invite: z.boolean(),
  })
  .refine((input) => (input.patient_id === undefined) !== (input.new_patient === undefined), "required");
export type OnboardInput = z.infer<typeof onboardSchema>;
