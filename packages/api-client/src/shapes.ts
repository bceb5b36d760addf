/** The Core API's answers that the apps read. Everything here is wire data: snake_case, instants as RFC 3339. */

export type Role = "patient" | "specialist" | "customer_support" | "admin";
export type StaffRole = Exclude<Role, "patient">;

export interface Branding {
  color_primary?: string | null;
  color_accent?: string | null;
  logo_url?: string | null;
  icon_url?: string | null;
}

export interface PublicOrganization {
  id: string;
  slug: string;
  name: string;
  branding: Branding;
  language_code: string;
  timezone: string;
  features?: Record<string, boolean>;
  tagline?: string | null;
  phone?: string | null;
  email?: string | null;
  website?: string | null;
  address_line?: string | null;
  locality?: string | null;
}

export interface OrganizationRef {
  id: string;
  name: string;
  slug: string;
}

export interface Me {
  id: string;
  email: string;
  name: string;
  locale: string | null;
  role: Role | "superadmin" | null;
  platform_role: "superadmin" | null;
  current_organization: OrganizationRef | null;
  organizations: (OrganizationRef & { roles: Role[] })[];
  specialist_id: string | null;
  patient_id: string | null;
  mfa: { totp: boolean; passkeys: number; recovery_codes_left?: number; required?: boolean };
  gates_pending: string[];
}

export interface Organization {
  id: string;
  slug: string;
  name: string;
  legal_name: string | null;
  tax_id: string | null;
  tagline: string | null;
  email: string | null;
  phone: string | null;
  website: string | null;
  address_line: string | null;
  locality: string | null;
  county: string | null;
  postal_code: string | null;
  country: string;
  color_primary: string | null;
  color_accent: string | null;
  language_code: string;
  timezone: string;
  currency: string;
  status: "active" | "suspended" | "archived";
  /** Null for roles that do not read the rules. */
  settings: OrganizationSettings | null;
  created_at: string;
}

export interface OrganizationSettings {
  hold_ttl_s: number;
  hold_heartbeat_s: number;
  hold_max_s: number;
  hold_quota: number;
  min_notice_min: number;
  cancel_cutoff_h: number;
  noshow_grace_min: number;
  unconfirmed_deadline_min: number;
  video_open_before_min: number;
  video_close_after_min: number;
  low_rating_max: number;
  licence_suspension: boolean;
  mfa_policy: "off" | "optional" | "required";
  specialist_patient_lookup: boolean;
  recording_enabled: boolean;
  quiet_hours: string;
  adherence_low_pct: number;
  adherence_reset_pct: number;
  pain_high: number;
  pain_rise: number;
  buffer_outside_hours: boolean;
  link_delivery: "session" | "bearer";
  embed_origins: string[];
}

export interface Member {
  user_id: string;
  name: string;
  email: string;
  role: Role;
  status: "active" | "suspended";
  last_activity_at: string | null;
  joined_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: StaffRole;
  expires_at: string;
  created_at: string;
  invited_by: string | null;
}

export interface Domain {
  id: string;
  domain: string;
  app: "clinic" | "portal";
  status: "pending" | "verified" | "failed";
  verified_at: string | null;
  last_checked_at: string | null;
  txt_name: string;
  txt_value: string;
}

export interface Integration {
  service: string;
  last4: string;
  created_at: string;
  updated_at: string;
}

export interface AccessKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  expires_at: string | null;
  last_used_at: string | null;
  created_at: string;
  /** Present only in the answer that creates the key. */
  secret?: string;
}

export interface BreakGlassGrant {
  id: string;
  organization_id: string;
  reason: string;
  created_at: string;
  expires_at: string;
  ended_at: string | null;
}

export interface AdminUser {
  id: string;
  email: string;
  name: string;
  platform_role: "superadmin" | null;
  blocked_at: string | null;
  blocked_reason: string | null;
  last_activity_at: string | null;
  organizations: { id: string; name: string; slug: string; role: Role }[];
}

export interface Health {
  status: "ok" | "degraded";
  version: string;
  checks: Record<string, string>;
}

export interface IsolationReport {
  generated_at: string;
  tables: { table: string; class: string; ok: boolean; problems: string[] }[];
}
