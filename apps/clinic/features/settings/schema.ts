import { z } from "zod";
import { judgeColour } from "@workspace/org/brand";

const text = (max: number) => z.string().trim().max(max, "too_long");
const optionalEmail = z.union([z.literal(""), z.email("email").max(320, "too_long")]);
const optionalUrl = z.union([
  z.literal(""),
  z.url({ protocol: /^https?$/, error: "url" }).max(500, "too_long"),
]);

export const profileSchema = z.object({
  name: text(200).min(1, "required"),
  legal_name: text(200),
  tax_id: text(40),
  tagline: text(200),
  email: optionalEmail,
  phone: text(40),
  website: optionalUrl,
  address_line: text(200),
  locality: text(120),
  county: text(120),
  postal_code: text(20),
  language_code: z.enum(["ro", "en"]),
});
export type ProfileInput = z.infer<typeof profileSchema>;

/** A colour passes when text on a button of it can be read; the reason it does not is shown beside the field. */
const colour = z
  .string()
  .trim()
  .regex(/^#[0-9a-fA-F]{6}$/, "colour");
export const brandSchema = z.object({
  color_primary: colour.refine((hex) => judgeColour(hex).ok, "contrast"),
  color_accent: z.union([z.literal(""), colour]),
});
export type BrandInput = z.infer<typeof brandSchema>;

/** Whole numbers of the clinic's rules with their allowed range. */
export const numberRules = {
  min_notice_min: [0, 10_080],
  cancel_cutoff_h: [0, 336],
  noshow_grace_min: [0, 240],
  unconfirmed_deadline_min: [0, 1_440],
  hold_ttl_s: [30, 600],
  hold_max_s: [60, 3_600],
  hold_quota: [1, 10],
  video_open_before_min: [0, 120],
  video_close_after_min: [0, 240],
  low_rating_max: [1, 5],
  adherence_low_pct: [0, 100],
  adherence_reset_pct: [0, 100],
  pain_high: [0, 10],
  pain_rise: [1, 10],
} as const satisfies Record<string, readonly [number, number]>;

export type NumberRule = keyof typeof numberRules;
export const switchRules = [
  "licence_suspension",
  "specialist_patient_lookup",
  "recording_enabled",
  "buffer_outside_hours",
] as const;
export type SwitchRule = (typeof switchRules)[number];
export const mfaPolicies = ["off", "optional", "required"] as const;
export const linkDeliveries = ["session", "bearer"] as const;

const number = (name: NumberRule) => {
  const [low, high] = numberRules[name];
  return z.number("number").int("number").min(low, "number").max(high, "number");
};

export const rulesSchema = z.object({
  min_notice_min: number("min_notice_min"),
  cancel_cutoff_h: number("cancel_cutoff_h"),
  noshow_grace_min: number("noshow_grace_min"),
  unconfirmed_deadline_min: number("unconfirmed_deadline_min"),
  hold_ttl_s: number("hold_ttl_s"),
  hold_max_s: number("hold_max_s"),
  hold_quota: number("hold_quota"),
  video_open_before_min: number("video_open_before_min"),
  video_close_after_min: number("video_close_after_min"),
  low_rating_max: number("low_rating_max"),
  adherence_low_pct: number("adherence_low_pct"),
  adherence_reset_pct: number("adherence_reset_pct"),
  pain_high: number("pain_high"),
  pain_rise: number("pain_rise"),
  licence_suspension: z.boolean(),
  specialist_patient_lookup: z.boolean(),
  recording_enabled: z.boolean(),
  buffer_outside_hours: z.boolean(),
  mfa_policy: z.enum(mfaPolicies),
  link_delivery: z.enum(linkDeliveries),
  quiet_hours: z
    .string()
    .trim()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "hours"),
  embed_origins: z
    .string()
    .trim()
    .refine(
      (lines) =>
        lines === "" || lines.split(/\s+/).every((line) => /^https:\/\/[a-z0-9.-]+(:\d+)?$/i.test(line)),
      "origins",
    ),
});
export type RulesInput = z.infer<typeof rulesSchema>;
