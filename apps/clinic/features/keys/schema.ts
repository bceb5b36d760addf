import { z } from "zod";

export const services = ["payments", "sms", "smtp", "video", "crm"] as const;
export const integrationSchema = z.object({
  service: z.enum(services),
  api_key: z.string().trim().min(8, "required").max(2000, "too_long"),
});
export type IntegrationInput = z.infer<typeof integrationSchema>;

/** Resources an access key may be given; the API owns the list and refuses an unknown one. */
export const resources = ["appointments", "patients", "services", "specialists"] as const;
export const rights = ["read", "write"] as const;

export const accessKeySchema = z.object({
  name: z.string().trim().min(1, "required").max(120, "too_long"),
  scopes: z.array(z.string()).min(1, "scopes"),
});
export type AccessKeyInput = z.infer<typeof accessKeySchema>;
