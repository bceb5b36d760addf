import { z } from "zod";
import type { ComingVisit } from "./wire";

const visit = z.object({ id: z.string(), reference: z.string(), start: z.string(), end: z.string() });
const visits = z.object({ appointments: z.array(visit) });
const dates = z.object({ dates: z.array(z.string()) });

/** The visits that a refusal lists; none when it lists something else. */
export function visitsOf(facts: Record<string, unknown> | undefined): ComingVisit[] {
  const found = visits.safeParse(facts);
  return found.success ? found.data.appointments : [];
}

/** The days that a refusal names. */
export function datesOf(facts: Record<string, unknown> | undefined): string[] {
  const found = dates.safeParse(facts);
  return found.success ? found.data.dates : [];
}
