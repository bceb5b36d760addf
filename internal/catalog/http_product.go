package catalog

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
)

const productTag = "Products"

func (c *Catalog) productRoutes(api *httpapi.Server) {
	const path = "/v1/products"
	changed := []*apperror.Error{ErrProductNotFound, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired}
	refused := []*apperror.Error{apperror.ErrInvalid, ErrCurrencyNotAllowed, organization.ErrSlugTaken, ErrSKUTaken}
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-products", Tag: productTag, Scope: scopeRead,
		Summary:  "List the clinic's products; published ones only for patients",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: listErrors(),
	}, func(ctx context.Context, in *listProductsInput) (page.Result[productOutput], error) {
		r, err := c.Products(ctx, FindProducts{Query: in.Query, Published: flag(in.Published), Search: in.Search})
		return page.Map(r, productOf), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-product", Tag: productTag, Scope: scopeWrite, Summary: "Add a product",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Status: http.StatusCreated, Errors: refused,
	}, c.createProduct)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-product", Tag: productTag, Scope: scopeRead, Summary: "Read a product",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: []*apperror.Error{ErrProductNotFound},
	}, func(ctx context.Context, in *ProductPath) (productOutput, error) {
		p, err := c.Product(ctx, in.ID)
		return productOf(p), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: path + "/{id}", ID: "update-product", Tag: productTag, Scope: scopeWrite,
		Summary:  "Change a product (JSON Merge Patch); orders keep their price",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: append(refused, changed...),
	}, func(ctx context.Context, in *updateProductInput) (productOutput, error) {
		expected, err := in.Expected()
		if err != nil {
			return productOutput{}, err
		}
		p, err := c.UpdateProduct(ctx, in.ID, expected, in.Body.apply)
		return productOf(p), err
	})
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{id}", ID: "remove-product", Tag: productTag, Scope: scopeWrite,
		Summary:  "Remove a product that no plan holds; orders stay",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: append([]*apperror.Error{ErrProductInUse}, changed...),
	}, func(ctx context.Context, in *removeProductInput) error {
		expected, err := in.Expected()
		if err != nil {
			return err
		}
		return c.RemoveProduct(ctx, in.ID, expected)
	})
}

// ProductPath is the product that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed
// requests equal.
type ProductPath struct {
	ID ProductID `path:"id" format:"uuid" doc:"Id of the product."`
}

type removeProductInput struct {
	ProductPath
	httpapi.IfMatch
}

type listProductsInput struct {
	page.Query
	Published string `query:"published" enum:"true,false"`
	Search    string `query:"search" maxLength:"200" doc:"Part of a name or stock number; accents and capitals do not matter."`
}

type productOutput struct {
	ID           string    `json:"id" format:"uuid"`
	Name         string    `json:"name"`
	Slug         string    `json:"slug"`
	SKU          *string   `json:"sku"`
	Description  *string   `json:"description"`
	PriceMinor   int64     `json:"price_minor"`
	Currency     string    `json:"currency"`
	VATCode      *string   `json:"vat_code"`
	StockTracked bool      `json:"stock_tracked"`
	Stock        int       `json:"stock" doc:"Pieces; means nothing where stock is not tracked."`
	Published    bool      `json:"published"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
	RowVersion   int64     `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o productOutput) Version() int64 { return o.RowVersion }

func productOf(p Product) productOutput {
	return productOutput{
		ID: p.ID.String(), Name: p.Name, Slug: p.Slug, SKU: p.SKU, Description: p.Description, PriceMinor: p.PriceMinor, Currency: p.Currency,
		VATCode: p.VATCode, StockTracked: p.StockTracked, Stock: p.Stock, Published: p.Published, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		RowVersion: p.RowVersion,
	}
}

type createProductInput struct {
	Body struct {
		Name         string  `json:"name" minLength:"1" maxLength:"200"`
		Slug         string  `json:"slug,omitempty" maxLength:"80" doc:"Made from the name when absent."`
		SKU          *string `json:"sku,omitempty" maxLength:"60" doc:"Stock number."`
		Description  *string `json:"description,omitempty" maxLength:"5000"`
		PriceMinor   int64   `json:"price_minor" minimum:"0"`
		Currency     string  `json:"currency,omitempty" maxLength:"3" doc:"The clinic's when absent."`
		VATCode      *string `json:"vat_code,omitempty" maxLength:"20"`
		StockTracked bool    `json:"stock_tracked,omitempty"`
		Stock        int     `json:"stock,omitempty" minimum:"0" maximum:"1000000"`
		Published    bool    `json:"published,omitempty"`
	}
}

func (c *Catalog) createProduct(ctx context.Context, in *createProductInput) (productOutput, error) {
	b := in.Body
	p, err := c.CreateProduct(ctx, Product{
		Name: b.Name, Slug: b.Slug, SKU: b.SKU, Description: b.Description, PriceMinor: b.PriceMinor, Currency: b.Currency, VATCode: b.VATCode,
		StockTracked: b.StockTracked, Stock: b.Stock, Published: b.Published,
	})
	return productOf(p), err
}

type updateProductInput struct {
	ProductPath
	httpapi.IfMatch
	Body productPatch
}

// productPatch holds every member that may be changed; an absent one stays as it is.
type productPatch struct {
	Name         httpapi.Patch[string] `json:"name,omitempty"`
	Slug         httpapi.Patch[string] `json:"slug,omitempty" doc:"Null makes it from the name again."`
	SKU          httpapi.Patch[string] `json:"sku,omitempty"`
	Description  httpapi.Patch[string] `json:"description,omitempty"`
	PriceMinor   httpapi.Patch[int64]  `json:"price_minor,omitempty"`
	Currency     httpapi.Patch[string] `json:"currency,omitempty" doc:"Null is the clinic's."`
	VATCode      httpapi.Patch[string] `json:"vat_code,omitempty"`
	StockTracked httpapi.Patch[bool]   `json:"stock_tracked,omitempty"`
	Stock        httpapi.Patch[int]    `json:"stock,omitempty"`
	Published    httpapi.Patch[bool]   `json:"published,omitempty"`
}

func (p productPatch) apply(v *Product) {
	v.Name, v.Slug, v.Currency = p.Name.Or(v.Name), p.Slug.Or(v.Slug), p.Currency.Or(v.Currency)
	v.SKU, v.Description, v.VATCode = p.SKU.OrPtr(v.SKU), p.Description.OrPtr(v.Description), p.VATCode.OrPtr(v.VATCode)
	v.PriceMinor, v.Stock = p.PriceMinor.Or(v.PriceMinor), p.Stock.Or(v.Stock)
	v.StockTracked, v.Published = p.StockTracked.Or(v.StockTracked), p.Published.Or(v.Published)
}
