import { z } from "zod";

/** Messages are keys of "validation.codes". */
export const profileSchema = z.object({ name: z.string().trim().min(1, "required").max(200, "too_long") });
export type ProfileInput = z.infer<typeof profileSchema>;

export const passwordSchema = z.object({
  current_password: z.string().min(1, "required").max(1024, "too_long"),
  password: z.string().min(10, "password_short").max(1024, "too_long"),
});
export type PasswordInput = z.infer<typeof passwordSchema>;
