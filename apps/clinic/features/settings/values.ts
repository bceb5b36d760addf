import type { Organization, OrganizationSettings } from "@workspace/api-client/shapes";
import { isLocale } from "@workspace/i18n/locales";
import { linkDeliveries, mfaPolicies, type BrandInput, type ProfileInput, type RulesInput } from "./schema";

/** The clinic as its profile form holds it: an absent fact is an empty text. */
export function profileValues(clinic: Organization): ProfileInput {
  return {
    name: clinic.name,
    legal_name: clinic.legal_name ?? "",
    tax_id: clinic.tax_id ?? "",
    tagline: clinic.tagline ?? "",
    email: clinic.email ?? "",
    phone: clinic.phone ?? "",
    website: clinic.website ?? "",
    address_line: clinic.address_line ?? "",
    locality: clinic.locality ?? "",
    county: clinic.county ?? "",
    postal_code: clinic.postal_code ?? "",
    language_code: isLocale(clinic.language_code) ? clinic.language_code : "ro",
  };
}

/** A clinic without colours starts from the platform's petrol. */
export function brandValues(clinic: Organization): BrandInput {
  return { color_primary: clinic.color_primary ?? "#0E5A5F", color_accent: clinic.color_accent ?? "" };
}

export function rulesValues(settings: OrganizationSettings): RulesInput {
  return {
    min_notice_min: settings.min_notice_min,
    cancel_cutoff_h: settings.cancel_cutoff_h,
    noshow_grace_min: settings.noshow_grace_min,
    unconfirmed_deadline_min: settings.unconfirmed_deadline_min,
    hold_ttl_s: settings.hold_ttl_s,
    hold_max_s: settings.hold_max_s,
    hold_quota: settings.hold_quota,
    video_open_before_min: settings.video_open_before_min,
    video_close_after_min: settings.video_close_after_min,
    low_rating_max: settings.low_rating_max,
    adherence_low_pct: settings.adherence_low_pct,
    adherence_reset_pct: settings.adherence_reset_pct,
    pain_high: settings.pain_high,
    pain_rise: settings.pain_rise,
    licence_suspension: settings.licence_suspension,
    specialist_patient_lookup: settings.specialist_patient_lookup,
    recording_enabled: settings.recording_enabled,
    buffer_outside_hours: settings.buffer_outside_hours,
    mfa_policy: mfaPolicies.find((policy) => policy === settings.mfa_policy) ?? "optional",
    link_delivery: linkDeliveries.find((delivery) => delivery === settings.link_delivery) ?? "session",
    quiet_hours: settings.quiet_hours,
    embed_origins: settings.embed_origins.join("\n"),
  };
}
