import type { ReactNode } from "react";
import { Protected } from "@workspace/shell/protected";
import { ConsoleShell } from "@/shell/console-shell";

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <Protected permission="platform.manage" area="console">
      {(session) => <ConsoleShell session={session}>{children}</ConsoleShell>}
    </Protected>
  );
}
