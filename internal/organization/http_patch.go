package organization

import (
	"context"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/httpapi"
)

type updateOrganizationInput struct {
	ClinicPath
	httpapi.IfMatch
	Body organizationPatch
}

// organizationPatch holds every member that may be changed; an absent one stays as it is.
type organizationPatch struct {
	Name         httpapi.Patch[string] `json:"name,omitempty"`
	LegalName    httpapi.Patch[string] `json:"legal_name,omitempty"`
	TaxID        httpapi.Patch[string] `json:"tax_id,omitempty"`
	Tagline      httpapi.Patch[string] `json:"tagline,omitempty"`
	Email        httpapi.Patch[string] `json:"email,omitempty"`
	Phone        httpapi.Patch[string] `json:"phone,omitempty"`
	Website      httpapi.Patch[string] `json:"website,omitempty"`
	AddressLine  httpapi.Patch[string] `json:"address_line,omitempty"`
	Locality     httpapi.Patch[string] `json:"locality,omitempty"`
	County       httpapi.Patch[string] `json:"county,omitempty"`
	PostalCode   httpapi.Patch[string] `json:"postal_code,omitempty"`
	Country      httpapi.Patch[string] `json:"country,omitempty" doc:"ISO 3166-1, two letters."`
	ColorPrimary httpapi.Patch[string] `json:"color_primary,omitempty" doc:"#rrggbb; refused when the text of a button could not be read on it."`
	ColorAccent  httpapi.Patch[string] `json:"color_accent,omitempty" doc:"#rrggbb"`
	LanguageCode httpapi.Patch[string] `json:"language_code,omitempty"`
	Timezone     httpapi.Patch[string] `json:"timezone,omitempty"`
	Currency     httpapi.Patch[string] `json:"currency,omitempty" doc:"ISO 4217"`
	Status       httpapi.Patch[string] `json:"status,omitempty" doc:"For superadmins: active, suspended or archived."`
	Settings     rulesPatch            `json:"settings,omitempty"`
}

// rulesPatch changes settings one by one; null gives a key its default back.
type rulesPatch struct {
	HoldTTLSeconds          httpapi.Patch[int]      `json:"hold_ttl_s,omitempty" doc:"30 to 600"`
	HoldHeartbeatSeconds    httpapi.Patch[int]      `json:"hold_heartbeat_s,omitempty" doc:"5 to 300, below hold_ttl_s"`
	HoldMaxSeconds          httpapi.Patch[int]      `json:"hold_max_s,omitempty" doc:"60 to 3600"`
	HoldQuota               httpapi.Patch[int]      `json:"hold_quota,omitempty" doc:"1 to 10"`
	MinNoticeMinutes        httpapi.Patch[int]      `json:"min_notice_min,omitempty" doc:"0 to 10080"`
	CancelCutoffHours       httpapi.Patch[int]      `json:"cancel_cutoff_h,omitempty" doc:"0 to 336"`
	NoShowGraceMinutes      httpapi.Patch[int]      `json:"noshow_grace_min,omitempty" doc:"0 to 240"`
	UnconfirmedMinutes      httpapi.Patch[int]      `json:"unconfirmed_deadline_min,omitempty" doc:"0 to 1440"`
	VideoOpenBeforeMinutes  httpapi.Patch[int]      `json:"video_open_before_min,omitempty" doc:"0 to 120"`
	VideoCloseAfterMinutes  httpapi.Patch[int]      `json:"video_close_after_min,omitempty" doc:"0 to 240"`
	LowRatingMax            httpapi.Patch[int]      `json:"low_rating_max,omitempty" doc:"1 to 5"`
	AdherenceLowPercent     httpapi.Patch[int]      `json:"adherence_low_pct,omitempty" doc:"0 to 100"`
	AdherenceResetPercent   httpapi.Patch[int]      `json:"adherence_reset_pct,omitempty" doc:"0 to 100, not below adherence_low_pct"`
	PainHigh                httpapi.Patch[int]      `json:"pain_high,omitempty" doc:"0 to 10"`
	PainRise                httpapi.Patch[int]      `json:"pain_rise,omitempty" doc:"1 to 10"`
	LicenceSuspension       httpapi.Patch[bool]     `json:"licence_suspension,omitempty"`
	SpecialistPatientLookup httpapi.Patch[bool]     `json:"specialist_patient_lookup,omitempty"`
	RecordingEnabled        httpapi.Patch[bool]     `json:"recording_enabled,omitempty"`
	BufferOutsideHours      httpapi.Patch[bool]     `json:"buffer_outside_hours,omitempty"`
	MFAPolicy               httpapi.Patch[string]   `json:"mfa_policy,omitempty" doc:"off, optional or required"`
	LinkDelivery            httpapi.Patch[string]   `json:"link_delivery,omitempty" doc:"session or bearer"`
	QuietHours              httpapi.Patch[string]   `json:"quiet_hours,omitempty" doc:"HH:MM-HH:MM"`
	EmbedOrigins            httpapi.Patch[[]string] `json:"embed_origins,omitempty" doc:"https origins that may show the booking page in a frame"`
	Billing                 billingPatch            `json:"billing,omitempty"`
	Features                featuresPatch           `json:"features,omitempty"`
}

type billingPatch struct {
	LateCancel httpapi.Patch[string] `json:"late_cancel,omitempty" doc:"release or consume"`
	NoShow     httpapi.Patch[string] `json:"noshow,omitempty" doc:"release or consume"`
}

type featuresPatch struct {
	Waitlist     httpapi.Patch[bool] `json:"waitlist,omitempty"`
	Messages     httpapi.Patch[bool] `json:"messages,omitempty"`
	PoseSessions httpapi.Patch[bool] `json:"pose_sessions,omitempty"`
}

func (s *Service) updateOrganization(ctx context.Context, in *updateOrganizationInput) (organizationOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return organizationOutput{}, err
	}
	if err := in.Body.refuseNull(); err != nil {
		return organizationOutput{}, err
	}
	o, err := s.Update(ctx, in.ID, expected, in.Body.apply)
	return outputOf(o), err
}

// refuseNull names the members that cannot be without a value.
func (p organizationPatch) refuseNull() error {
	var e *apperror.Error
	for _, member := range []struct {
		name  string
		value httpapi.Patch[string]
	}{
		{"name", p.Name},
		{"country", p.Country},
		{"language_code", p.LanguageCode},
		{"timezone", p.Timezone},
		{"currency", p.Currency},
		{"status", p.Status},
	} {
		if member.value.Null {
			e = at(e, member.name, "cannot be null")
		}
	}
	if e != nil {
		return e
	}
	return nil
}

func (p organizationPatch) apply(o *Organization) {
	o.Name, o.Country, o.Currency = p.Name.Or(o.Name), p.Country.Or(o.Country), p.Currency.Or(o.Currency)
	o.LanguageCode, o.Timezone = p.LanguageCode.Or(o.LanguageCode), p.Timezone.Or(o.Timezone)
	o.Status = Status(p.Status.Or(string(o.Status)))
	o.LegalName, o.TaxID = p.LegalName.OrPtr(o.LegalName), p.TaxID.OrPtr(o.TaxID)
	o.Tagline, o.Email, o.Phone = p.Tagline.OrPtr(o.Tagline), p.Email.OrPtr(o.Email), p.Phone.OrPtr(o.Phone)
	o.Website, o.AddressLine = p.Website.OrPtr(o.Website), p.AddressLine.OrPtr(o.AddressLine)
	o.Locality, o.County, o.PostalCode = p.Locality.OrPtr(o.Locality), p.County.OrPtr(o.County), p.PostalCode.OrPtr(o.PostalCode)
	o.ColorPrimary, o.ColorAccent = p.ColorPrimary.OrPtr(o.ColorPrimary), p.ColorAccent.OrPtr(o.ColorAccent)
	o.EmbedOrigins = p.Settings.EmbedOrigins.Or(o.EmbedOrigins)
	p.Settings.apply(o.Settings)
	p.Settings.Features.apply(&o.Features)
}

// or is Patch.Or for a setting: null means the default.
func or[T any](p httpapi.Patch[T], current, byDefault T) T {
	if p.Null {
		return byDefault
	}
	return p.Or(current)
}

func (p rulesPatch) apply(s *Settings) {
	d := DefaultSettings()
	s.HoldTTLSeconds = or(p.HoldTTLSeconds, s.HoldTTLSeconds, d.HoldTTLSeconds)
	s.HoldHeartbeatSeconds = or(p.HoldHeartbeatSeconds, s.HoldHeartbeatSeconds, d.HoldHeartbeatSeconds)
	s.HoldMaxSeconds = or(p.HoldMaxSeconds, s.HoldMaxSeconds, d.HoldMaxSeconds)
	s.HoldQuota = or(p.HoldQuota, s.HoldQuota, d.HoldQuota)
	s.MinNoticeMinutes = or(p.MinNoticeMinutes, s.MinNoticeMinutes, d.MinNoticeMinutes)
	s.CancelCutoffHours = or(p.CancelCutoffHours, s.CancelCutoffHours, d.CancelCutoffHours)
	s.NoShowGraceMinutes = or(p.NoShowGraceMinutes, s.NoShowGraceMinutes, d.NoShowGraceMinutes)
	s.UnconfirmedMinutes = or(p.UnconfirmedMinutes, s.UnconfirmedMinutes, d.UnconfirmedMinutes)
	s.VideoOpenBeforeMinutes = or(p.VideoOpenBeforeMinutes, s.VideoOpenBeforeMinutes, d.VideoOpenBeforeMinutes)
	s.VideoCloseAfterMinutes = or(p.VideoCloseAfterMinutes, s.VideoCloseAfterMinutes, d.VideoCloseAfterMinutes)
	s.LowRatingMax = or(p.LowRatingMax, s.LowRatingMax, d.LowRatingMax)
	s.AdherenceLowPercent = or(p.AdherenceLowPercent, s.AdherenceLowPercent, d.AdherenceLowPercent)
	s.AdherenceResetPercent = or(p.AdherenceResetPercent, s.AdherenceResetPercent, d.AdherenceResetPercent)
	s.PainHigh = or(p.PainHigh, s.PainHigh, d.PainHigh)
	s.PainRise = or(p.PainRise, s.PainRise, d.PainRise)
	s.LicenceSuspension = or(p.LicenceSuspension, s.LicenceSuspension, d.LicenceSuspension)
	s.SpecialistPatientLookup = or(p.SpecialistPatientLookup, s.SpecialistPatientLookup, d.SpecialistPatientLookup)
	s.RecordingEnabled = or(p.RecordingEnabled, s.RecordingEnabled, d.RecordingEnabled)
	s.BufferOutsideHours = or(p.BufferOutsideHours, s.BufferOutsideHours, d.BufferOutsideHours)
	s.MFAPolicy = or(p.MFAPolicy, s.MFAPolicy, d.MFAPolicy)
	s.LinkDelivery = or(p.LinkDelivery, s.LinkDelivery, d.LinkDelivery)
	s.QuietHours = or(p.QuietHours, s.QuietHours, d.QuietHours)
	s.Billing.LateCancel = or(p.Billing.LateCancel, s.Billing.LateCancel, d.Billing.LateCancel)
	s.Billing.NoShow = or(p.Billing.NoShow, s.Billing.NoShow, d.Billing.NoShow)
}

func (p featuresPatch) apply(f *Features) {
	d := DefaultFeatures()
	f.Waitlist = or(p.Waitlist, f.Waitlist, d.Waitlist)
	f.Messages = or(p.Messages, f.Messages, d.Messages)
	f.PoseSessions = or(p.PoseSessions, f.PoseSessions, d.PoseSessions)
}
