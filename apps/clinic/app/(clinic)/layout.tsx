import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { currentOrganization } from "@workspace/org/request";
import { Protected } from "@workspace/shell/protected";
import { ClinicShell } from "@/shell/clinic-shell";

export default async function ClinicLayout({ children }: { children: ReactNode }) {
  const organization = await currentOrganization();
  if (!organization) notFound();
  return (
    <Protected permission="staff.area" area="clinic" lockAfter={15}>
      {(session) => (
        <ClinicShell session={session} organization={organization}>
          {children}
        </ClinicShell>
      )}
    </Protected>
  );
}
