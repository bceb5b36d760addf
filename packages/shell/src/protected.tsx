import "server-only";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { load } from "@workspace/api-client/result";
import type { Permission } from "@workspace/auth/permissions";
import { pageSession, type Session } from "@workspace/auth/session";
import { ForbiddenView } from "./forbidden-view";
import { IdleLock } from "./idle-lock";
import { LoadError } from "./load-error";
import { SessionWatch } from "./session-watch";

export interface ProtectedProps {
  permission: Permission;
  /** Which words explain the refusal. */
  area: "clinic" | "portal" | "console";
  /** Minutes without a touch after which the screen asks who is there; absent for devices that are one person's own. */
  lockAfter?: number;
  children: (session: Session) => ReactNode;
}

/**
 * The gate of everything behind sign-in. Until the role is known nothing else is asked of the API;
 * whoever lacks it sees "no access" with no data behind.
 */
export async function Protected({ permission, area, lockAfter, children }: ProtectedProps) {
  const session = await load(pageSession);
  if (!session.ok && session.problem.code === "mfa_required") redirect("/mfa");
  const refused = session.ok
    ? session.data.can(permission)
      ? null
      : area
    : session.problem.status === 403
      ? session.problem.code
      : null;
  if (!session.ok || refused) {
    return (
      <main id="main" className="grid min-h-dvh place-items-center p-6">
        {session.ok || refused ? (
          <ForbiddenView code={refused ?? area} />
        ) : (
          <LoadError problem={session.problem} />
        )}
      </main>
    );
  }
  return (
    <>
      <SessionWatch />
      {lockAfter ? (
        <IdleLock minutes={lockAfter} login={session.data.login} email={session.data.me.email}>
          {children(session.data)}
        </IdleLock>
      ) : (
        children(session.data)
      )}
    </>
  );
}
