import type { Domain, Invitation, Organization } from "@workspace/api-client/shapes";

export const stepKeys = ["contact", "brand", "team", "domain"] as const;
export type StepKey = (typeof stepKeys)[number];

export interface ClinicState {
  clinic: Pick<Organization, "phone" | "email" | "address_line" | "color_primary">;
  members: number;
  invitations: readonly Pick<Invitation, "id">[];
  domains: readonly Pick<Domain, "status">[];
}

/** Which first steps are done, read from what the clinic really has. */
export function checklist({ clinic, members, invitations, domains }: ClinicState): Record<StepKey, boolean> {
  return {
    contact: Boolean(clinic.phone && clinic.email && clinic.address_line),
    brand: Boolean(clinic.color_primary),
    team: members > 1 || invitations.length > 0,
    domain: domains.some(({ status }) => status === "verified"),
  };
}
