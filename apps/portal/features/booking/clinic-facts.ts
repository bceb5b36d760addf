import type { PublicOrganization } from "@workspace/api-client/shapes";
import type { ClinicFacts } from "./flow-types";

/** What a booking says of the clinic. */
export function clinicFacts(organization: PublicOrganization): ClinicFacts {
  return {
    name: organization.name,
    timeZone: organization.timezone,
    phone: organization.phone ?? null,
    address: [organization.address_line, organization.locality].filter(Boolean).join(", ") || null,
  };
}
