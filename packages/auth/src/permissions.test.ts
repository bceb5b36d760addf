import { describe, expect, it } from "vitest";
import { can } from "./permissions";

// Verifies APP-13
describe("what a role sees", () => {
  it("keeps administration to the administrator", () => {
    const allowed = (role: "admin" | "specialist" | "customer_support" | "patient") =>
      (["members.manage", "settings.manage", "domains.manage", "keys.manage"] as const).map((p) =>
        can({ role, platform_role: null }, p),
      );
    expect(allowed("admin")).toEqual([true, true, true, true]);
    for (const role of ["specialist", "customer_support", "patient"] as const)
      expect(allowed(role)).toEqual([false, false, false, false]);
  });

  it("lets the whole team see visits, and reception and administrators take bookings over", () => {
    const of = (role: "admin" | "specialist" | "customer_support" | "patient") =>
      (["appointments.read", "appointments.onboard", "catalogue.read", "catalogue.manage"] as const).map(
        (p) => can({ role, platform_role: null }, p),
      );
    expect(of("admin")).toEqual([true, true, true, true]);
    expect(of("customer_support")).toEqual([true, true, true, false]);
    expect(of("specialist")).toEqual([true, false, true, false]);
    expect(of("patient")).toEqual([false, false, false, false]);
  });

  it("keeps the console to the superadmin", () => {
    expect(can({ role: "admin", platform_role: null }, "platform.manage")).toBe(false);
    expect(can({ role: null, platform_role: null }, "platform.manage")).toBe(false);
    expect(can({ role: null, platform_role: "superadmin" }, "platform.manage")).toBe(true);
  });
});
