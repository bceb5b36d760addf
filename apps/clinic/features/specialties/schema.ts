import { z } from "zod";

export const specialtySchema = z.object({
  title: z.string().trim().min(1, "required").max(120, "too_long"),
  description: z.string().trim().max(5000, "too_long"),
  active: z.boolean(),
});
export type SpecialtyInput = z.infer<typeof specialtySchema>;
