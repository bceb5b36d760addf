package scheduling

import (
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// Deps are the collaborators. All are required.
type Deps struct {
	DB          *postgres.DB
	Trail       *audit.Trail
	Bus         *event.Bus
	Clinics     catalog.Clinics
	Specialists *specialist.Service
	Catalog     *catalog.Catalog
	Busy        Busy
	Held        Held
}

// Service is hours, overrides and availability. Safe for concurrent use.
type Service struct{ Deps }

// New makes the service; it connects to nothing.
func New(d Deps) *Service { return &Service{d} }
