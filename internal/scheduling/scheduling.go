package scheduling

import (
	"context"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// Suspended tells on which local days specialists may not be offered at all. Package licence satisfies it.
type Suspended interface {
	// SuspendedTx answers the days of from..to, both included, for the specialists who have such days. One statement. It is asked only
	// where the clinic wants the rule.
	SuspendedTx(ctx context.Context, tx *postgres.Tx, specialists []specialist.ID, from, to civil.Date) (map[specialist.ID][]civil.Date, error)
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB          *postgres.DB
	Trail       *audit.Trail
	Bus         *event.Bus
	Clinics     catalog.Clinics
	Specialists *specialist.Service
	Catalog     *catalog.Catalog
	Busy        Busy
	Visits      specialist.Visits
	Held        Held
	Suspended   Suspended
}

// Service is hours, overrides and availability. Safe for concurrent use.
type Service struct{ Deps }

// New makes the service; it connects to nothing.
func New(d Deps) *Service { return &Service{d} }
