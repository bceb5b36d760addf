package organization

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

func publishedPolicies(ctx context.Context, tx *postgres.Tx, f FindPolicies, w page.Window) (page.Result[Policy], error) {
	out := page.Result[Policy]{Window: w}
	const newest = ` FROM (
		SELECT DISTINCT ON (consent_type, language_code)
		       id, consent_type, version, language_code, title, markdown, content_hash, requires_resign, published_at
		  FROM policy_documents
		 WHERE published_at IS NOT NULL
		   AND (@kind = '' OR consent_type = @kind) AND (@language = '' OR language_code = @language)
		 ORDER BY consent_type, language_code, version DESC) newest`
	args := pgx.NamedArgs{"kind": f.ConsentType, "language": f.LanguageCode, "limit": w.Size, "offset": w.Offset()}
	if err := tx.QueryRow(ctx, "SELECT count(*)"+newest, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count policies: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT *"+newest+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list policies: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Policy]); err != nil {
		return out, fmt.Errorf("list policies: %w", err)
	}
	return out, nil
}

// insertPolicies publishes; it runs as the owner, because no role of the application writes policies yet.
func insertPolicies(ctx context.Context, tx *postgres.Tx, org ident.OrgID, policies []Policy) error {
	for _, p := range policies {
		_, err := tx.Exec(ctx, `
			INSERT INTO policy_documents (id, organization_id, consent_type, version, language_code, title, markdown, content_hash, published_at)
			VALUES (@id, @org, @kind, @version, @language, @title, @markdown, @hash, @now)`,
			pgx.NamedArgs{
				"id": p.ID, "org": org, "kind": p.ConsentType, "version": p.Version, "language": p.LanguageCode,
				"title": p.Title, "markdown": p.Markdown, "hash": p.ContentHash, "now": tx.Now,
			})
		if err != nil {
			return fmt.Errorf("insert policy %s: %w", p.ConsentType, err)
		}
	}
	return nil
}

func publishedVersion(ctx context.Context, tx *postgres.Tx, org ident.OrgID, kind string) (int, error) {
	version := 0
	err := tx.QueryRow(ctx, `
		SELECT COALESCE(max(version), 0) FROM policy_documents
		 WHERE organization_id = $1 AND consent_type = $2 AND published_at IS NOT NULL`, org, kind).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("read published version of %s: %w", kind, err)
	}
	return version, nil
}
