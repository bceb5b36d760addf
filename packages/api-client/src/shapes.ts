import type {
  Appointment as GeneratedAppointment,
  AppointmentDuplicate,
  Booking as GeneratedBooking,
  CatalogOfferWire,
  CatalogPublicService,
  CatalogPublicSpecialist,
  CatalogService,
  ClinickeyAccessKey,
  ClinickeyIntegration,
  IdentityAdded,
  IdentityGrant,
  IdentityInvitation,
  IdentityMe,
  IdentityMember,
  IdentityOrganizationRef,
  IdentityUser,
  Organization as GeneratedOrganization,
  OrganizationBranding,
  OrganizationDomain,
  OrganizationIsolationReport,
  OrganizationPolicy,
  OrganizationPublicOrganization,
  OrganizationRules,
  Patient,
  SchedulingAvailability,
  SchedulingHold,
  SchedulingHours,
  SchedulingOverride,
  SchedulingRangeWire,
  SchedulingSlot,
  Specialist as GeneratedSpecialist,
  SpecialistSpecialty,
  Task as GeneratedTask,
} from "./gen/types.gen";

/** The Core API's answers under the names the apps use. Everything is generated from docs/openapi.yaml by `make gen`. */

export type Role = IdentityMember["role"];
export type StaffRole = IdentityInvitation["role"];

/** The logo is served by the file store, which does not exist yet: a clinic shows its initial. */
export type Branding = OrganizationBranding & { logo_url?: string | null };
export type PublicOrganization = Omit<OrganizationPublicOrganization, "branding"> & { branding: Branding };
export type OrganizationRef = IdentityOrganizationRef;

/** The document cannot say that an object may be null: without a clinic there is no current one. */
export type Me = Omit<IdentityMe, "current_organization" | "impersonation"> & {
  current_organization: IdentityMe["current_organization"] | null;
  impersonation: IdentityMe["impersonation"] | null;
};

export type Organization = GeneratedOrganization;
export type OrganizationSettings = OrganizationRules;
export type Member = IdentityMember;
export type AddedMember = IdentityAdded;
export type Invitation = IdentityInvitation;
export type Domain = OrganizationDomain;
export type Integration = ClinickeyIntegration;
export type AccessKey = ClinickeyAccessKey;
export type BreakGlassGrant = IdentityGrant;
export type AdminUser = IdentityUser;
export type IsolationReport = OrganizationIsolationReport;

/** The document cannot say that a word of a list may be null: only a cancelled visit has an initiator. */
export type Appointment = Omit<GeneratedAppointment, "cancel_initiator"> & {
  cancel_initiator: GeneratedAppointment["cancel_initiator"] | null;
};
export type PatientCandidate = AppointmentDuplicate;
export type PatientRecord = Patient;
export type PublicBooking = GeneratedBooking;
export type PublicService = CatalogPublicService;
export type PublicSpecialist = CatalogPublicSpecialist;
export type Policy = OrganizationPolicy;
export type Service = CatalogService;
export type ServiceOffer = CatalogOfferWire;
export type Specialist = GeneratedSpecialist;
export type Specialty = SpecialistSpecialty;
export type WeekHours = SchedulingHours;
export type DateOverride = SchedulingOverride;
export type ClockRange = SchedulingRangeWire;
export type Availability = SchedulingAvailability;
export type Slot = SchedulingSlot;
export type Hold = SchedulingHold;
export type Task = GeneratedTask;

/** `GET /health` stands outside the document: it has no envelope and answers monitors. */
export interface Health {
  status: "ok" | "degraded" | "down" | "draining";
  version: string;
  checks: Record<string, string>;
}
