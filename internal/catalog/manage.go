package catalog

import (
	"context"
	"strconv"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// Find narrows a list of services. Zero values do not.
type Find struct {
	page.Query
	Category            string
	Specialty           specialist.SpecialtyID
	Specialist          specialist.ID
	Published, IsPublic *bool
	// Search is part of a name; accents and capitals do not matter.
	Search string
}

// List answers the clinic's services without the removed ones, as far as the caller's role sees them.
func (c *Catalog) List(ctx context.Context, f Find) (page.Result[Service], error) {
	var out page.Result[Service]
	window, err := f.Check(page.Columns{
		ByName:  map[string]string{"name": "v.name", "sort_order": "v.sort_order", "created_at": "v.created_at"},
		Default: "v.sort_order ASC, v.name ASC", TieBreak: "v.id ASC",
	})
	if err != nil {
		return out, err
	}
	err = c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		out, err = list(ctx, tx, f, window)
		return err
	})
	return out, err
}

// Get reads one service that was not removed.
func (c *Catalog) Get(ctx context.Context, id ServiceID) (Service, error) {
	var out Service
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = c.ByIDTx(ctx, tx, id)
		return err
	})
	return out, err
}

// ByIDTx reads one service with its offers, as far as the transaction's role sees them, in two statements.
func (c *Catalog) ByIDTx(ctx context.Context, tx *postgres.Tx, id ServiceID) (Service, error) {
	return byID(ctx, tx, id)
}

// UsesSpecialtyTx implements specialist.SpecialtyUse.
func (c *Catalog) UsesSpecialtyTx(ctx context.Context, tx *postgres.Tx, id specialist.SpecialtyID) (bool, error) {
	return usesSpecialty(ctx, tx, id)
}

// Create makes a service without offers. An empty slug is made from the name, an empty currency is the clinic's.
func (c *Catalog) Create(ctx context.Context, v Service) (Service, error) {
	if err := v.check(); err != nil {
		return Service{}, err
	}
	v.ID, v.Offers = ident.New[Service](), nil
	var out Service
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := c.prepare(ctx, tx, &v); err != nil {
			return err
		}
		if err := insert(ctx, tx, v); err != nil {
			return err
		}
		c.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "service", EntityID: v.ID.String(), Changes: audit.Created(v)})
		var err error
		out, err = byID(ctx, tx, v.ID)
		return err
	})
	return out, err
}

func (c *Catalog) prepare(ctx context.Context, tx *postgres.Tx, v *Service) error {
	if v.Slug == "" {
		taken, err := slugs(ctx, tx)
		if err != nil {
			return err
		}
		v.Slug = ident.Slug(v.Name, "service", taken)
	}
	terms, err := c.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return err
	}
	if v.Currency == "" {
		v.Currency = terms.Currency
	}
	if v.Currency != terms.Currency {
		return ErrCurrencyNotAllowed.At("body.currency", "expected "+terms.Currency)
	}
	if v.SpecialtyID.IsZero() {
		return nil
	}
	return c.Specialists.ExistsSpecialtyTx(ctx, tx, v.SpecialtyID)
}

func (c *Catalog) locked(ctx context.Context, tx *postgres.Tx, id ServiceID, expected int64) (Service, error) {
	if err := lock(ctx, tx, id); err != nil {
		return Service{}, err
	}
	v, err := byID(ctx, tx, id)
	if err == nil && v.RowVersion != expected {
		return v, apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(v.RowVersion, 10)))
	}
	return v, err
}

// Update lets change edit a service and writes the result as one version. Offers have their own use case.
func (c *Catalog) Update(ctx context.Context, id ServiceID, expected int64, change func(*Service)) (Service, error) {
	var out Service
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := c.locked(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := before
		change(&after)
		after.ID = before.ID
		if err := after.check(); err != nil {
			return err
		}
		if err := c.prepare(ctx, tx, &after); err != nil {
			return err
		}
		if changes := audit.Differences(before, after); len(changes) > 0 {
			if err := update(ctx, tx, after); err != nil {
				return err
			}
			c.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "service", EntityID: id.String(), Changes: changes})
		}
		out, err = byID(ctx, tx, id)
		return err
	})
	return out, err
}

// Remove takes a service out of every list; visits that were booked keep what they copied.
func (c *Catalog) Remove(ctx context.Context, id ServiceID, expected int64) error {
	return c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := c.locked(ctx, tx, id, expected); err != nil {
			return err
		}
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		c.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "service", EntityID: id.String(), Changes: map[string]audit.Change{"deleted_at": {nil, tx.Now}},
		})
		return nil
	})
}

// SetOffers replaces who offers a service.
func (c *Catalog) SetOffers(ctx context.Context, id ServiceID, expected int64, offers []Offer) (Service, error) {
	if err := checkOffers(offers); err != nil {
		return Service{}, err
	}
	var out Service
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := c.locked(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		ids := make([]specialist.ID, len(offers))
		for i, o := range offers {
			ids[i] = o.SpecialistID
		}
		present, err := c.Specialists.CountTx(ctx, tx, ids)
		if err != nil {
			return err
		}
		if present != len(ids) {
			return at(nil, "specialists", "names a specialist who does not exist")
		}
		if err := replaceOffers(ctx, tx, id, offers); err != nil {
			return err
		}
		if out, err = byID(ctx, tx, id); err != nil {
			return err
		}
		c.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "service", EntityID: id.String(), Changes: map[string]audit.Change{"specialists": {before.Offers, out.Offers}},
		})
		return nil
	})
	return out, err
}

// Public lists what a visitor may know of the specialists, all or those who offer a public service.
func (c *Catalog) Public(ctx context.Context, q page.Query, service ServiceID) (page.Result[specialist.Specialist], error) {
	var out page.Result[specialist.Specialist]
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		f := specialist.Find{Query: q}
		if !service.IsZero() {
			ids, err := offeredBy(ctx, tx, service)
			if err != nil {
				return err
			}
			f.IDs = ids
		}
		active := true
		f.Active = &active
		var err error
		out, err = c.Specialists.ListTx(ctx, tx, f)
		return err
	})
	return out, err
}
