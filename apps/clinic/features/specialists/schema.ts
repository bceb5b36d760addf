import { z } from "zod";

const text = (max: number) => z.string().trim().max(max, "too_long");
const minutes = z.number("number").int("number").min(0, "number").max(120, "number");

export const specialistSchema = z.object({
  name: text(200).min(1, "required"),
  title: text(120),
  description: text(5000),
  email: z.union([z.literal(""), z.email("email").max(254, "too_long")]),
  phone: text(40),
  stamp_number: text(120),
  scheduling_timezone: text(64),
  scheduling_active: z.boolean(),
  buffer_before_min: minutes,
  buffer_after_min: minutes,
  colour: z.union([z.literal(""), z.string().regex(/^#[0-9a-fA-F]{6}$/, "colour")]),
  specialty_ids: z.array(z.uuid()),
});
export type SpecialistInput = z.infer<typeof specialistSchema>;

const range = z.object({ start: z.string().max(5), end: z.string().max(5) });
export const weekSchema = z.array(range.extend({ weekday: z.number().int().min(1).max(7) })).max(100);

export const overrideSchema = z.object({
  date_from: z.iso.date("date"),
  date_to: z.iso.date("date"),
  available: z.boolean(),
  ranges: z.array(range).max(24),
  reason: text(300),
  merge: z.boolean(),
});
export type OverrideInput = z.infer<typeof overrideSchema>;
