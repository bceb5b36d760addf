import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { currentOrganization } from "@workspace/org/request";
import { Protected } from "@workspace/shell/protected";
import { PortalShell } from "@/shell/portal-shell";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const organization = await currentOrganization();
  if (!organization) notFound();
  return (
    <Protected permission="patient.area" area="portal">
      {() => <PortalShell organization={organization}>{children}</PortalShell>}
    </Protected>
  );
}
