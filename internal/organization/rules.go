package organization

import (
	"context"

	"github.com/restartix/platform/internal/postgres"
)

// Rules are what other packages need of the clinic of a transaction. Settings are the defaults where the role does not read them.
type Rules struct {
	Timezone, Currency string
	Settings           Settings
}

// RulesTx reads them in one statement.
func (s *Service) RulesTx(ctx context.Context, tx *postgres.Tx) (Rules, error) {
	o, err := byID(ctx, tx, tx.Principal.OrgID)
	if err != nil {
		return Rules{}, err
	}
	r := Rules{Timezone: o.Timezone, Currency: o.Currency, Settings: DefaultSettings()}
	if o.Settings != nil {
		r.Settings = *o.Settings
	}
	return r, nil
}
