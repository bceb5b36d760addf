import { z } from "zod";

export const staffRoles = ["specialist", "customer_support", "admin"] as const;
export const staffRole = z.enum(staffRoles);

export const inviteSchema = z.object({ email: z.email("email").max(320, "too_long"), role: staffRole });
export type InviteInput = z.infer<typeof inviteSchema>;
