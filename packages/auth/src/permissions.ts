import type { Me, Role } from "@workspace/api-client/shapes";

/**
 * Which roles see which part of an app. This only decides what is drawn:
 * the Core API checks every request against its own table.
 */
const table = {
  "members.read": ["admin"],
  "members.manage": ["admin"],
  "settings.manage": ["admin"],
  "domains.manage": ["admin"],
  "keys.manage": ["admin"],
  "breakglass.read": ["admin"],
  "appointments.read": ["admin", "specialist", "customer_support"],
  "appointments.onboard": ["admin", "customer_support"],
  "catalogue.read": ["admin", "specialist", "customer_support"],
  "catalogue.manage": ["admin"],
  "tasks.manage": ["admin", "specialist", "customer_support"],
  "staff.area": ["admin", "specialist", "customer_support"],
  "patient.area": ["patient"],
  "platform.manage": ["superadmin"],
} as const satisfies Record<string, readonly (Role | "superadmin")[]>;

export type Permission = keyof typeof table;

export function can(me: Pick<Me, "role" | "platform_role">, permission: Permission): boolean {
  const roles: readonly string[] = table[permission];
  return (
    (me.role !== null && roles.includes(me.role)) ||
    (me.platform_role !== null && roles.includes(me.platform_role))
  );
}
