package clinickey

import (
	"context"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// Clinics runs a use case on the rows of one clinic that the caller may manage. Package organization satisfies it.
type Clinics interface {
	InClinic(ctx context.Context, org ident.OrgID, fn func(*postgres.Tx) error) error
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB      *postgres.DB
	Ring    *seal.Ring
	Trail   *audit.Trail
	Clinics Clinics
}

// Service is every use case on a clinic's keys. Safe for concurrent use.
type Service struct{ Deps }

// New makes the service; it connects to nothing.
func New(d Deps) *Service { return &Service{Deps: d} }

// pageOf reads one page of a clinic's keys for somebody who may manage them.
func pageOf[T any](ctx context.Context, s *Service, org ident.OrgID, q page.Query,
	read func(context.Context, *postgres.Tx, ident.OrgID, page.Window) (page.Result[T], error), c page.Columns,
) (page.Result[T], error) {
	window, err := q.Check(c)
	if err != nil {
		return page.Result[T]{}, err
	}
	var out page.Result[T]
	err = s.Clinics.InClinic(ctx, org, func(tx *postgres.Tx) (err error) {
		out, err = read(ctx, tx, org, window)
		return err
	})
	return out, err
}

// at adds a field to a refusal, which may be nil.
func at(e *apperror.Error, field, message string) *apperror.Error {
	if e == nil {
		e = apperror.ErrInvalid
	}
	return e.At("body."+field, message)
}
