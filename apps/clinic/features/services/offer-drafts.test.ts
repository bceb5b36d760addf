import { describe, expect, it } from "vitest";
import { draftOf, offersOf } from "./offer-drafts";
import { valuesOf } from "./service-values";
import { serviceSchema } from "./schema";

const ana = { id: "a", name: "Ana" };
const offer = {
  specialist_id: "a",
  priority: 10,
  weight: 2,
  custom_price_minor: 25_000,
  custom_duration_min: null,
  is_active: true,
};

describe("who offers a service", () => {
  it("goes into lines and back", () => {
    const draft = draftOf(ana, [offer]);
    expect(draft).toMatchObject({ offers: true, price: "250", duration: "", priority: "10" });
    expect(offersOf([draft])).toEqual([offer]);
  });

  it("leaves out who does not offer it", () => {
    expect(offersOf([draftOf(ana, [])])).toEqual([]);
  });

  it("refuses lines with something that is no number in its range", () => {
    const draft = draftOf(ana, [offer]);
    expect(offersOf([{ ...draft, price: "much" }])).toBeNull();
    expect(offersOf([{ ...draft, duration: "3" }])).toBeNull();
    expect(offersOf([{ ...draft, priority: "0" }])).toBeNull();
  });
});

describe("the form of a service", () => {
  it("asks for an amount only when there is a price", () => {
    const fresh = { ...valuesOf(null), name: "Evaluare" };
    expect(serviceSchema.safeParse(fresh).success).toBe(false);
    expect(serviceSchema.safeParse({ ...fresh, amount: "200" }).success).toBe(true);
    expect(serviceSchema.safeParse({ ...fresh, price: "free" }).success).toBe(true);
    expect(serviceSchema.safeParse({ ...fresh, price: "on_request", duration: "" }).success).toBe(true);
    expect(serviceSchema.safeParse({ ...fresh, price: "free", duration: "3" }).success).toBe(false);
  });
});
