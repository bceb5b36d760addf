import { z } from "zod";

/** Messages are keys of "validation.codes". */
export const profileSchema = z.object({ name: z.string().trim().min(1, "required").max(200, "too_long") });
export type ProfileInput = z.infer<typeof profileSchema>;
