package catalog

import (
	"time"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/specialist"
)

// ServiceID identifies a service.
type ServiceID = ident.ID[Service]

// Service is something that the clinic offers. Nil texts were never given.
type Service struct {
	ID          ServiceID              `db:"id"`
	Name        string                 `db:"name"`
	Slug        string                 `db:"slug"`
	Description *string                `db:"description"`
	Category    string                 `db:"category"`
	SpecialtyID specialist.SpecialtyID `db:"specialty_id"`
	// DurationMin is nil for a service that is reached by call-back only.
	DurationMin     *int `db:"duration_min"`
	BufferBeforeMin int  `db:"buffer_before_min"`
	BufferAfterMin  int  `db:"buffer_after_min"`
	// PriceMinor is nil for a price on request; 0 is free.
	PriceMinor   *int64   `db:"base_price_minor"`
	Currency     string   `db:"currency"`
	Modality     []string `db:"modality"`
	IsAddon      bool     `db:"is_addon"`
	IsPublic     bool     `db:"is_public"`
	Published    bool     `db:"published"`
	SelfBook     bool     `db:"self_book"`
	RoomRequired bool     `db:"room_required"`
	VideoURL     *string  `db:"video_url"`
	SortOrder    int      `db:"sort_order"`
	// Offers are ordered by priority, then specialist.
	Offers     []Offer   `db:"-"`
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
	RowVersion int64     `db:"row_version"`
}

// Offer is a service as one specialist offers it.
type Offer struct {
	ServiceID    ServiceID     `db:"service_id"`
	SpecialistID specialist.ID `db:"specialist_id"`
	// Priority from 1 to 100, lower first.
	Priority int `db:"priority"`
	// Weight from 1 to 10: the share of new visits where specialists take turns.
	Weight int `db:"weight"`
	// PriceMinor and DurationMin replace those of the service; nil keeps them.
	PriceMinor  *int64 `db:"custom_price_minor"`
	DurationMin *int   `db:"custom_duration_min"`
	Active      bool   `db:"is_active"`
}
