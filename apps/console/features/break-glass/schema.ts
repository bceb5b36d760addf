import { z } from "zod";

export const shortestReason = 20;
export const lifetimes = ["15", "30", "60"] as const;

export const grantSchema = z.object({
  organization_id: z.uuid(),
  reason: z.string().trim().min(shortestReason, "reason").max(1000, "too_long"),
  ttl: z.enum(lifetimes),
});
export type GrantInput = z.infer<typeof grantSchema>;
