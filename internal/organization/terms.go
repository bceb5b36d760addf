package organization

import (
	"context"
	"time"

	"github.com/restartix/platform/internal/postgres"
)

// Terms are the facts of the own clinic that other use cases need inside their transaction.
type Terms struct {
	Slug, Name string
	// Color is empty when the clinic has chosen none.
	Color, Timezone, Currency, Language string
	// Settings are the defaults where the role does not read them (patients, visitors).
	Settings Settings
}

// TermsTx reads the terms of the transaction's clinic.
func (s *Service) TermsTx(ctx context.Context, tx *postgres.Tx) (Terms, error) {
	o, err := byID(ctx, tx, tx.Principal.OrgID)
	if err != nil {
		return Terms{}, err
	}
	out := Terms{Slug: o.Slug, Name: o.Name, Timezone: o.Timezone, Currency: o.Currency, Language: o.LanguageCode, Settings: DefaultSettings()}
	if o.ColorPrimary != nil {
		out.Color = *o.ColorPrimary
	}
	if o.Settings != nil {
		out.Settings = *o.Settings
	}
	return out, nil
}

// In shows an instant in the clinic's zone; in UTC when this host does not know the zone.
func (t Terms) In(at time.Time) time.Time {
	zone, err := time.LoadLocation(t.Timezone)
	if err != nil {
		return at.UTC()
	}
	return at.In(zone)
}

// PrivacyNotice is the kind of the policy that every booker is shown.
const PrivacyNotice = "privacy_notice"

// PublishedVersionTx answers the newest published version of a kind of policy in the transaction's clinic, 0 when there is none.
func (s *Service) PublishedVersionTx(ctx context.Context, tx *postgres.Tx, kind string) (int, error) {
	return publishedVersion(ctx, tx, tx.Principal.OrgID, kind)
}

// PortalLink is an address in the patient portal of a clinic, on the platform's own host: a custom domain's owner could point it elsewhere.
func (t Terms) PortalLink(scheme, portalDomain, path string) string {
	return scheme + "://" + t.Slug + "." + portalDomain + path
}
