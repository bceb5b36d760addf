import { z } from "zod";
import { minorOf } from "./money";
import { categories, modalities } from "./wire";

const text = (max: number) => z.string().trim().max(max, "too_long");
const minutes = z.number("number").int("number").min(0, "number").max(120, "number");
/** Empty, or whole minutes from 5 to 480. */
const length = z
  .string()
  .trim()
  .refine(
    (value) => value === "" || (/^\d{1,3}$/.test(value) && Number(value) >= 5 && Number(value) <= 480),
    "number",
  );
const amount = z
  .string()
  .trim()
  .refine((value) => value === "" || minorOf(value) !== null, "digits");

export const prices = ["amount", "free", "on_request"] as const;

export const serviceSchema = z
  .object({
    name: text(200).min(1, "required"),
    description: text(5000),
    category: z.enum(categories),
    specialty_id: z.union([z.literal(""), z.uuid()]),
    duration: length,
    buffer_before_min: minutes,
    buffer_after_min: minutes,
    price: z.enum(prices),
    amount,
    modality: z.array(z.enum(modalities)).min(1, "required"),
    is_addon: z.boolean(),
    is_public: z.boolean(),
    published: z.boolean(),
    self_book: z.boolean(),
  })
  .refine((input) => input.price !== "amount" || (minorOf(input.amount) ?? 0) > 0, {
    path: ["amount"],
    message: "digits",
  });
export type ServiceInput = z.infer<typeof serviceSchema>;

export const offerSchema = z.object({
  specialist_id: z.uuid(),
  priority: z.number().int().min(1).max(100),
  weight: z.number().int().min(1).max(10),
  custom_price_minor: z.number().int().min(0).nullable(),
  custom_duration_min: z.number().int().min(5).max(480).nullable(),
  is_active: z.boolean(),
});
export const offersSchema = z.array(offerSchema).max(200);
