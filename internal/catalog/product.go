package catalog

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// ProductID identifies a product.
type ProductID = ident.ID[Product]

// Product is a thing that the clinic sells. Nil texts were never given.
type Product struct {
	ID          ProductID `db:"id"`
	Name        string    `db:"name"`
	Slug        string    `db:"slug"`
	SKU         *string   `db:"sku"`
	Description *string   `db:"description"`
	PriceMinor  int64     `db:"price_minor"`
	Currency    string    `db:"currency"`
	VATCode     *string   `db:"vat_code"`
	// StockTracked tells whether Stock, in pieces, is counted at all.
	StockTracked bool      `db:"stock_tracked"`
	Stock        int       `db:"stock"`
	Published    bool      `db:"published"`
	CreatedAt    time.Time `db:"created_at"`
	UpdatedAt    time.Time `db:"updated_at"`
	RowVersion   int64     `db:"row_version"`
}

// What the use cases on products are refused with.
var (
	ErrProductNotFound = apperror.New(apperror.NotFound, "product_not_found", "There is no such product.")
	ErrProductInUse    = apperror.New(apperror.Conflict, "product_in_use", "The product comes with plans that are not archived. Take it out of them first.")
	ErrSKUTaken        = apperror.New(apperror.Conflict, "sku_exists", "Another product has this stock number.")
	ErrOutOfStock      = apperror.New(apperror.Conflict, "out_of_stock", "There are not enough pieces in stock.")
)

// FindProducts narrows a list of products. Zero values do not.
type FindProducts struct {
	page.Query
	Published *bool
	// Search is part of a name or a stock number; accents and capitals do not matter.
	Search string
}

const maxStock = 1_000_000

func (p *Product) check() error {
	p.Name, p.Currency = strings.TrimSpace(p.Name), strings.ToUpper(strings.TrimSpace(p.Currency))
	tidy(&p.SKU, &p.Description, &p.VATCode)
	e := checkName(nil, p.Name, p.Slug, p.Description)
	if p.SKU != nil && utf8.RuneCountInString(*p.SKU) > 60 {
		e = at(e, "sku", "has at most 60 characters")
	}
	if p.VATCode != nil && utf8.RuneCountInString(*p.VATCode) > 20 {
		e = at(e, "vat_code", "has at most 20 characters")
	}
	e = between(e, "price_minor", p.PriceMinor, 0, maxPrice)
	e = between(e, "stock", int64(p.Stock), 0, maxStock)
	if e != nil {
		return e
	}
	return nil
}

// checkName is what every thing of the catalogue that has a name and an address in common.
func checkName(e *apperror.Error, name, slug string, description *string) *apperror.Error {
	if n := utf8.RuneCountInString(name); n == 0 || n > 200 {
		e = at(e, "name", "has 1 to 200 characters")
	}
	if slug != "" && !ident.IsSlug(slug) {
		e = at(e, "slug", "expected lower-case letters, digits and hyphens, at most 80")
	}
	if description != nil && utf8.RuneCountInString(*description) > 5000 {
		e = at(e, "description", "has at most 5000 characters")
	}
	return e
}

// Products answers the clinic's products without the removed ones, as far as the caller's role sees them.
func (c *Catalog) Products(ctx context.Context, f FindProducts) (page.Result[Product], error) {
	var out page.Result[Product]
	window, err := f.Check(page.Columns{
		ByName:  map[string]string{"name": "q.name", "price_minor": "q.price_minor", "stock": "q.stock", "created_at": "q.created_at"},
		Default: "q.name ASC", TieBreak: "q.id ASC",
	})
	if err != nil {
		return out, err
	}
	err = c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		out, err = listProducts(ctx, tx, f, window)
		return err
	})
	return out, err
}

// Product reads one product that was not removed.
func (c *Catalog) Product(ctx context.Context, id ProductID) (Product, error) {
	var out Product
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = productByID(ctx, tx, id)
		return err
	})
	return out, err
}

// ProductTx is Product inside a transaction of the caller.
func (c *Catalog) ProductTx(ctx context.Context, tx *postgres.Tx, id ProductID) (Product, error) {
	return productByID(ctx, tx, id)
}

// CreateProduct makes a product. An empty slug is made from the name, an empty currency is the clinic's.
func (c *Catalog) CreateProduct(ctx context.Context, p Product) (Product, error) {
	if err := p.check(); err != nil {
		return Product{}, err
	}
	p.ID = ident.New[Product]()
	var out Product
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := c.settle(ctx, tx, "products", p.Name, &p.Slug, &p.Currency); err != nil {
			return err
		}
		if err := insertProduct(ctx, tx, p); err != nil {
			return err
		}
		c.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "product", EntityID: p.ID.String(), Changes: audit.Created(p)})
		var err error
		out, err = productByID(ctx, tx, p.ID)
		return err
	})
	return out, err
}

// settle gives a new thing its address and currency, and refuses a currency that the clinic does not work in.
func (c *Catalog) settle(ctx context.Context, tx *postgres.Tx, table, name string, slug, currency *string) error {
	if *slug == "" {
		taken, err := slugsOf(ctx, tx, table)
		if err != nil {
			return err
		}
		*slug = ident.Slug(name, strings.TrimSuffix(strings.ReplaceAll(table, "_", "-"), "s"), taken)
	}
	terms, err := c.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return err
	}
	if *currency == "" {
		*currency = terms.Currency
	}
	if *currency != terms.Currency {
		return ErrCurrencyNotAllowed.At("body.currency", "expected "+terms.Currency)
	}
	return nil
}

func stale(actual, expected int64) error {
	if actual == expected {
		return nil
	}
	return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(actual, 10)))
}

// UpdateProduct lets change edit a product and writes the result as one version.
func (c *Catalog) UpdateProduct(ctx context.Context, id ProductID, expected int64, change func(*Product)) (Product, error) {
	var out Product
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := lockedProduct(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := stale(before.RowVersion, expected); err != nil {
			return err
		}
		after := before
		change(&after)
		after.ID = before.ID
		if err := after.check(); err != nil {
			return err
		}
		if err := c.settle(ctx, tx, "products", after.Name, &after.Slug, &after.Currency); err != nil {
			return err
		}
		if changes := audit.Differences(before, after); len(changes) > 0 {
			if err := updateProduct(ctx, tx, after); err != nil {
				return err
			}
			c.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "product", EntityID: id.String(), Changes: changes})
		}
		out, err = productByID(ctx, tx, id)
		return err
	})
	return out, err
}

// RemoveProduct takes a product out of every list; orders keep what they copied. ErrProductInUse lists the plans that it comes with.
func (c *Catalog) RemoveProduct(ctx context.Context, id ProductID, expected int64) error {
	return c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := lockedProduct(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := stale(before.RowVersion, expected); err != nil {
			return err
		}
		users, err := plansWithProduct(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return ErrProductInUse.With("used_by", users)
		}
		if err := removeProduct(ctx, tx, id); err != nil {
			return err
		}
		c.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "product", EntityID: id.String(), Changes: map[string]audit.Change{"deleted_at": {nil, tx.Now}},
		})
		return nil
	})
}

// TakeStockTx takes pieces of a product from the shelf, ErrOutOfStock when there are not enough; negative pieces put them back. A product
// that is not counted always has enough.
func (c *Catalog) TakeStockTx(ctx context.Context, tx *postgres.Tx, id ProductID, pieces int) error {
	left, err := moveStock(ctx, tx, id, -pieces)
	if err != nil {
		return err
	}
	if left == nil {
		return ErrOutOfStock.With("product_id", id.String())
	}
	if *left >= 0 {
		c.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "product", EntityID: id.String(), Changes: map[string]audit.Change{"stock": {*left + pieces, *left}},
		})
	}
	return nil
}
