package organization

import (
	"context"
	"time"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// Policy is one version of what a clinic tells its patients, in one language. Once published it never changes.
type Policy struct {
	ID             ident.ID[Policy] `db:"id"`
	ConsentType    string           `db:"consent_type"`
	Version        int              `db:"version"`
	LanguageCode   string           `db:"language_code"`
	Title          string           `db:"title"`
	Markdown       string           `db:"markdown"`
	ContentHash    []byte           `db:"content_hash"`
	RequiresResign bool             `db:"requires_resign"`
	// PublishedAt is nil for a draft, which the public never sees.
	PublishedAt *time.Time `db:"published_at"`
}

// FindPolicies narrows the published policies; empty texts do not.
type FindPolicies struct {
	page.Query
	ConsentType, LanguageCode string
}

// Policies answers the newest published version of every kind and language of the visitor's clinic.
func (s *Service) Policies(ctx context.Context, f FindPolicies) (page.Result[Policy], error) {
	var out page.Result[Policy]
	window, err := f.Check(page.Columns{
		ByName:  map[string]string{"consent_type": "consent_type", "language_code": "language_code", "published_at": "published_at"},
		Default: "consent_type ASC, language_code ASC", TieBreak: "id ASC",
	})
	if err != nil {
		return out, err
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		out, err = publishedPolicies(ctx, tx, f, window)
		return err
	})
	return out, err
}
