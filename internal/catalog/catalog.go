package catalog

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
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

// What the use cases on services are refused with.
var (
	ErrNotFound           = apperror.New(apperror.NotFound, "service_not_found", "There is no such service.")
	ErrCurrencyNotAllowed = apperror.New(apperror.Invalid, "currency_not_allowed", "The clinic does not work in this currency.")
)

// Clinics tells the terms of the clinic of a transaction. Package organization satisfies it.
type Clinics interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB          *postgres.DB
	Trail       *audit.Trail
	Clinics     Clinics
	Specialists *specialist.Service
}

// Catalog is every use case on services. Safe for concurrent use.
type Catalog struct{ Deps }

// New makes the catalogue; it connects to nothing.
func New(d Deps) *Catalog { return &Catalog{d} }

// Categories are the kinds of service.
func Categories() []string { return []string{"consultation", "therapy", "examination", "procedure"} }

// Modalities are the ways in which a service takes place.
func Modalities() []string { return []string{"in_person", "video", "phone", "home_visit"} }

const (
	maxPrice   = 100_000_000_000
	minMinutes = 5
	maxMinutes = 480
)

// at adds a place to the collected refusal; e is nil as long as nothing was refused.
func at(e *apperror.Error, field, message string) *apperror.Error {
	if e == nil {
		e = apperror.ErrInvalid
	}
	return e.At("body."+field, message)
}

func between(e *apperror.Error, field string, value, low, high int64) *apperror.Error {
	if value < low || value > high {
		e = at(e, field, fmt.Sprintf("must be between %d and %d", low, high))
	}
	return e
}

// tidy trims, and turns an empty optional text into none.
func tidy(texts ...**string) {
	for _, text := range texts {
		if *text == nil {
			continue
		}
		trimmed := strings.TrimSpace(**text)
		*text = &trimmed
		if trimmed == "" {
			*text = nil
		}
	}
}

// check brings texts to their stored form and refuses what the product does not accept. An empty currency stays for the clinic's own.
func (v *Service) check() error {
	v.Name, v.Currency = strings.TrimSpace(v.Name), strings.ToUpper(strings.TrimSpace(v.Currency))
	tidy(&v.Description, &v.VideoURL)
	e := v.checkTexts()
	if !slices.Contains(Categories(), v.Category) {
		e = at(e, "category", "expected one of "+strings.Join(Categories(), ", "))
	}
	slices.Sort(v.Modality)
	v.Modality = slices.Compact(v.Modality)
	if len(v.Modality) == 0 || slices.ContainsFunc(v.Modality, func(m string) bool { return !slices.Contains(Modalities(), m) }) {
		e = at(e, "modality", "expected some of "+strings.Join(Modalities(), ", "))
	}
	if v.DurationMin != nil {
		e = between(e, "duration_min", int64(*v.DurationMin), minMinutes, maxMinutes)
	}
	if v.PriceMinor != nil {
		e = between(e, "base_price_minor", *v.PriceMinor, 0, maxPrice)
	}
	e = between(e, "buffer_before_min", int64(v.BufferBeforeMin), 0, 120)
	e = between(e, "buffer_after_min", int64(v.BufferAfterMin), 0, 120)
	e = between(e, "sort_order", int64(v.SortOrder), 0, 10000)
	if e != nil {
		return e
	}
	return nil
}

func (v *Service) checkTexts() *apperror.Error {
	var e *apperror.Error
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > 200 {
		e = at(e, "name", "has 1 to 200 characters")
	}
	if v.Slug != "" && !ident.IsSlug(v.Slug) {
		e = at(e, "slug", "expected lower-case letters, digits and hyphens, at most 80")
	}
	if v.Description != nil && utf8.RuneCountInString(*v.Description) > 5000 {
		e = at(e, "description", "has at most 5000 characters")
	}
	if v.VideoURL != nil {
		if u, err := url.Parse(*v.VideoURL); err != nil || u.Scheme != "https" || u.Host == "" || len(*v.VideoURL) > 500 {
			e = at(e, "video_url", "expected an https address")
		}
	}
	return e
}

// checkOffers refuses an offer that is out of range, and two offers of one specialist.
func checkOffers(offers []Offer) error {
	var e *apperror.Error
	seen := map[specialist.ID]bool{}
	for i, o := range offers {
		place := fmt.Sprintf("specialists[%d].", i)
		if seen[o.SpecialistID] {
			e = at(e, place+"specialist_id", "occurs twice")
		}
		seen[o.SpecialistID] = true
		e = between(e, place+"priority", int64(o.Priority), 1, 100)
		e = between(e, place+"weight", int64(o.Weight), 1, 10)
		if o.PriceMinor != nil {
			e = between(e, place+"custom_price_minor", *o.PriceMinor, 0, maxPrice)
		}
		if o.DurationMin != nil {
			e = between(e, place+"custom_duration_min", int64(*o.DurationMin), minMinutes, maxMinutes)
		}
	}
	if e != nil {
		return e
	}
	return nil
}
