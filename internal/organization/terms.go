package organization

import (
	"context"

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

// PrivacyNotice is the kind of the policy that every booker is shown.
const PrivacyNotice = "privacy_notice"

// PublishedVersionTx answers the newest published version of a kind of policy in the transaction's clinic, 0 when there is none.
func (s *Service) PublishedVersionTx(ctx context.Context, tx *postgres.Tx, kind string) (int, error) {
	return publishedVersion(ctx, tx, tx.Principal.OrgID, kind)
}
