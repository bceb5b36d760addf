import "server-only";
import { forbidden } from "next/navigation";
import type { Permission } from "@workspace/auth/permissions";
import { pageSession, type Session } from "@workspace/auth/session";

/** The check of one page inside a protected area, before it asks for any data. Ends in the forbidden page without the permission. */
export async function requirePage(permission: Permission): Promise<Session> {
  const session = await pageSession();
  if (!session.can(permission)) forbidden();
  return session;
}
