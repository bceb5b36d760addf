package organization

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"github.com/restartix/platform/internal/apperror"
)

// Settings are the clinic's own rules (product/01 §2). A key that was never set has its default; json names are the keys.
type Settings struct {
	HoldTTLSeconds          int     `json:"hold_ttl_s"`
	HoldHeartbeatSeconds    int     `json:"hold_heartbeat_s"`
	HoldMaxSeconds          int     `json:"hold_max_s"`
	HoldQuota               int     `json:"hold_quota"`
	MinNoticeMinutes        int     `json:"min_notice_min"`
	CancelCutoffHours       int     `json:"cancel_cutoff_h"`
	NoShowGraceMinutes      int     `json:"noshow_grace_min"`
	UnconfirmedMinutes      int     `json:"unconfirmed_deadline_min"`
	VideoOpenBeforeMinutes  int     `json:"video_open_before_min"`
	VideoCloseAfterMinutes  int     `json:"video_close_after_min"`
	LowRatingMax            int     `json:"low_rating_max"`
	AdherenceLowPercent     int     `json:"adherence_low_pct"`
	AdherenceResetPercent   int     `json:"adherence_reset_pct"`
	PainHigh                int     `json:"pain_high"`
	PainRise                int     `json:"pain_rise"`
	LicenceSuspension       bool    `json:"licence_suspension"`
	SpecialistPatientLookup bool    `json:"specialist_patient_lookup"`
	RecordingEnabled        bool    `json:"recording_enabled"`
	BufferOutsideHours      bool    `json:"buffer_outside_hours"`
	MFAPolicy               string  `json:"mfa_policy"`
	LinkDelivery            string  `json:"link_delivery"`
	QuietHours              string  `json:"quiet_hours"`
	Billing                 Billing `json:"billing"`
}

// Billing says what a late cancellation and a no-show do to a booked credit: release or consume.
type Billing struct {
	LateCancel string `json:"late_cancel"`
	NoShow     string `json:"noshow"`
}

// DefaultSettings are the rules of a clinic that has set none.
func DefaultSettings() Settings {
	return Settings{
		HoldTTLSeconds: 60, HoldHeartbeatSeconds: 20, HoldMaxSeconds: 600, HoldQuota: 2,
		MinNoticeMinutes: 120, CancelCutoffHours: 24, NoShowGraceMinutes: 15, UnconfirmedMinutes: 30,
		VideoOpenBeforeMinutes: 15, VideoCloseAfterMinutes: 30, LowRatingMax: 2,
		AdherenceLowPercent: 50, AdherenceResetPercent: 70, PainHigh: 7, PainRise: 2,
		BufferOutsideHours: true, MFAPolicy: "optional", LinkDelivery: "session", QuietHours: "21:00-08:00",
		Billing: Billing{LateCancel: "consume", NoShow: "consume"},
	}
}

// UnmarshalJSON reads what was stored over the defaults, so that a key of a later version has its default in an old row.
func (s *Settings) UnmarshalJSON(b []byte) error {
	type bare Settings
	out := bare(DefaultSettings())
	if err := json.Unmarshal(b, &out); err != nil {
		return err
	}
	*s = Settings(out)
	return nil
}

// limit is the range of one whole number.
type limit struct {
	key       string
	value     int
	low, high int
}

func (s Settings) limits() []limit {
	return []limit{
		{"hold_ttl_s", s.HoldTTLSeconds, 30, 600},
		{"hold_heartbeat_s", s.HoldHeartbeatSeconds, 5, 300},
		{"hold_max_s", s.HoldMaxSeconds, 60, 3600},
		{"hold_quota", s.HoldQuota, 1, 10},
		{"min_notice_min", s.MinNoticeMinutes, 0, 10080},
		{"cancel_cutoff_h", s.CancelCutoffHours, 0, 336},
		{"noshow_grace_min", s.NoShowGraceMinutes, 0, 240},
		{"unconfirmed_deadline_min", s.UnconfirmedMinutes, 0, 1440},
		{"video_open_before_min", s.VideoOpenBeforeMinutes, 0, 120},
		{"video_close_after_min", s.VideoCloseAfterMinutes, 0, 240},
		{"low_rating_max", s.LowRatingMax, 1, 5},
		{"adherence_low_pct", s.AdherenceLowPercent, 0, 100},
		{"adherence_reset_pct", s.AdherenceResetPercent, 0, 100},
		{"pain_high", s.PainHigh, 0, 10},
		{"pain_rise", s.PainRise, 1, 10},
	}
}

var quietHours = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$`)

// check names every key whose value is outside its range, at body.settings.<key>.
func (s Settings) check(e *apperror.Error) *apperror.Error {
	for _, l := range s.limits() {
		if l.value < l.low || l.value > l.high {
			e = at(e, "settings."+l.key, between(l.low, l.high))
		}
	}
	if s.HoldHeartbeatSeconds >= s.HoldTTLSeconds {
		e = at(e, "settings.hold_heartbeat_s", "must be shorter than hold_ttl_s")
	}
	if s.HoldMaxSeconds < s.HoldTTLSeconds {
		e = at(e, "settings.hold_max_s", "must not be shorter than hold_ttl_s")
	}
	if s.AdherenceResetPercent < s.AdherenceLowPercent {
		e = at(e, "settings.adherence_reset_pct", "must not be below adherence_low_pct")
	}
	if !quietHours.MatchString(s.QuietHours) {
		e = at(e, "settings.quiet_hours", "expected HH:MM-HH:MM")
	}
	for _, choice := range []struct {
		key, value string
		allowed    []string
	}{
		{"mfa_policy", s.MFAPolicy, []string{"off", "optional", "required"}},
		{"link_delivery", s.LinkDelivery, []string{"session", "bearer"}},
		{"billing.late_cancel", s.Billing.LateCancel, []string{"release", "consume"}},
		{"billing.noshow", s.Billing.NoShow, []string{"release", "consume"}},
	} {
		if !oneOf(choice.value, choice.allowed) {
			e = at(e, "settings."+choice.key, "expected one of "+strings.Join(choice.allowed, ", "))
		}
	}
	return e
}

// maxOrigins bounds a list that stands in a header of every booking page.
const maxOrigins = 20

// checkOrigins accepts https origins without a path. They end up in a Content-Security-Policy, so nothing but the plain form may pass.
func checkOrigins(origins []string, e *apperror.Error) *apperror.Error {
	if len(origins) > maxOrigins {
		e = at(e, "settings.embed_origins", "at most 20 origins")
	}
	for _, o := range origins {
		if !isOrigin(o) {
			return at(e, "settings.embed_origins", "expected https origins, for example https://clinica.ro")
		}
	}
	return e
}

var originFormat = regexp.MustCompile(`^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](:\d{1,5})?$`)

func isOrigin(s string) bool {
	if len(s) > 300 || !originFormat.MatchString(s) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https"
}
