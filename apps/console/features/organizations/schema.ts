import { z } from "zod";
import { isSlug } from "@workspace/org/host";

export const timezones = [
  "Europe/Bucharest",
  "Europe/Chisinau",
  "Europe/Budapest",
  "Europe/Vienna",
  "Europe/Berlin",
  "Europe/London",
] as const;

export const createSchema = z.object({
  name: z.string().trim().min(1, "required").max(200, "too_long"),
  slug: z.string().trim().refine(isSlug, "slug"),
  language_code: z.enum(["ro", "en"]),
  timezone: z.enum(timezones),
  admin_email: z.email("email").max(320, "too_long"),
});
export type CreateInput = z.infer<typeof createSchema>;

/** A slug from a name: "Kineto Nord Iași" becomes "kineto-nord-iasi". */
export function proposeSlug(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63)
    .replace(/-+$/, "");
}
