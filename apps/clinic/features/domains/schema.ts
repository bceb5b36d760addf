import { z } from "zod";

export const domainApps = ["portal", "clinic"] as const;
export const domainSchema = z.object({
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .max(253, "too_long")
    .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "domain"),
  app: z.enum(domainApps),
});
export type DomainInput = z.infer<typeof domainSchema>;
