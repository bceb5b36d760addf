package organization

import (
	"context"
	"strings"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// Find narrows a list of clinics. Zero values do not.
type Find struct {
	page.Query
	Status Status
	// Search is part of a name or slug, at least 2 characters; accents and capitals do not matter.
	Search string
}

func columnsOfList() page.Columns {
	return page.Columns{
		ByName:  map[string]string{"name": "o.name", "slug": "o.slug", "created_at": "o.created_at", "status": "o.status"},
		Default: "o.name ASC", TieBreak: "o.id ASC",
	}
}

// List answers the clinics that the caller belongs to; all of them to a superadmin. Legal identity and settings are left
// out.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Organization], error) {
	var out page.Result[Organization]
	window, err := f.Check(columnsOfList())
	if err != nil {
		return out, err
	}
	f.Search = strings.TrimSpace(f.Search)
	if f.Search != "" && len([]rune(f.Search)) < 2 {
		return out, apperror.ErrBadRequest.At("query.search", "must have at least 2 characters")
	}
	read := func(tx *postgres.Tx) error {
		var err error
		out, err = list(ctx, tx, f, window)
		return err
	}
	if p, _ := auth.From(ctx); p.Role == auth.Superadmin {
		err = s.DB.InPlatformTx(ctx, ident.OrgID{}, read)
		return out, err
	}
	err = s.DB.InPersonTx(ctx, read)
	return out, err
}
