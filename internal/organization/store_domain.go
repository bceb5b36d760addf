package organization

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const domainColumns = `id, organization_id, domain, app, verification_token, status, verified_at, last_checked_at, claim_expires_at, created_at`

func domains(ctx context.Context, tx *postgres.Tx, org ident.OrgID, w page.Window) (page.Result[Domain], error) {
	return postgres.List[Domain](ctx, tx, domainColumns, "FROM organization_domains WHERE organization_id = @org", w, pgx.NamedArgs{"org": org})
}

// claims locks the clinic's claims, so that two additions at once count each other.
func claims(ctx context.Context, tx *postgres.Tx, org ident.OrgID) ([]Domain, error) {
	rows, err := tx.Query(ctx, "SELECT "+domainColumns+" FROM organization_domains WHERE organization_id = $1 ORDER BY id FOR UPDATE", org)
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Domain])
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	return out, nil
}

func domainByID(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id DomainID) (Domain, error) {
	rows, err := tx.Query(ctx, "SELECT "+domainColumns+" FROM organization_domains WHERE organization_id = $1 AND id = $2", org, id)
	if err != nil {
		return Domain{}, fmt.Errorf("read domain: %w", err)
	}
	d, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Domain])
	if errors.Is(err, pgx.ErrNoRows) {
		return Domain{}, ErrDomainNotFound
	}
	if err != nil {
		return Domain{}, fmt.Errorf("read domain: %w", err)
	}
	return d, nil
}

// domainNames are the names of the clinic that may stand in the cache.
func domainNames(ctx context.Context, tx *postgres.Tx, org ident.OrgID) ([]string, error) {
	rows, err := tx.Query(ctx, "SELECT domain FROM organization_domains WHERE organization_id = $1 AND status = 'verified'", org)
	if err != nil {
		return nil, fmt.Errorf("read names of domains: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read names of domains: %w", err)
	}
	return names, nil
}

func insertDomain(ctx context.Context, tx *postgres.Tx, d Domain) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO organization_domains (id, organization_id, domain, app, verification_token, claim_expires_at, created_at)
		VALUES (@id, @org, @domain, @app, @token, @expires, @now)`,
		pgx.NamedArgs{
			"id": d.ID, "org": d.OrganizationID, "domain": d.Domain, "app": d.App, "token": d.Token,
			"expires": d.ClaimExpiresAt, "now": d.CreatedAt,
		})
	if postgres.Constraint(err) == "organization_domains_claim_key" {
		return ErrDomainExists
	}
	if err != nil {
		return fmt.Errorf("insert domain: %w", err)
	}
	return nil
}

func deleteDomain(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id DomainID) error {
	tag, err := tx.Exec(ctx, "DELETE FROM organization_domains WHERE organization_id = $1 AND id = $2", org, id)
	if err != nil {
		return fmt.Errorf("delete domain: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrDomainNotFound
	}
	return nil
}

func noteChecked(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id DomainID) error {
	_, err := tx.Exec(ctx, "UPDATE organization_domains SET last_checked_at = $3 WHERE organization_id = $1 AND id = $2", org, id, tx.Now)
	if err != nil {
		return fmt.Errorf("note check of domain: %w", err)
	}
	return nil
}

// markVerified answers whether this call made the change. The token is part of the condition: a claim that was renewed while
// the record was looked up has not been proved.
func markVerified(ctx context.Context, tx *postgres.Tx, d Domain) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE organization_domains
		   SET status = 'verified', verified_at = @now, last_checked_at = @now
		 WHERE organization_id = @org AND id = @id AND verification_token = @token AND status <> 'verified'`,
		pgx.NamedArgs{"org": d.OrganizationID, "id": d.ID, "token": d.Token, "now": tx.Now})
	if postgres.Constraint(err) == "organization_domains_verified" {
		return false, ErrDomainTaken
	}
	if err != nil {
		return false, fmt.Errorf("verify domain: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func markFailed(ctx context.Context, tx *postgres.Tx, d Domain) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE organization_domains
		   SET status = 'failed', verified_at = NULL, last_checked_at = @now
		 WHERE organization_id = @org AND id = @id AND status = 'verified'`,
		pgx.NamedArgs{"org": d.OrganizationID, "id": d.ID, "now": tx.Now})
	if err != nil {
		return false, fmt.Errorf("fail domain: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// domainsDue reads over all clinics and runs as the owner only.
func domainsDue(ctx context.Context, tx *postgres.Tx, before time.Time) ([]Domain, error) {
	rows, err := tx.Query(ctx, "SELECT "+domainColumns+` FROM organization_domains
		WHERE status = 'verified' AND COALESCE(last_checked_at, verified_at) < $1
		ORDER BY organization_id, id LIMIT 10000`, before)
	if err != nil {
		return nil, fmt.Errorf("read due domains: %w", err)
	}
	due, err := pgx.CollectRows(rows, pgx.RowToStructByName[Domain])
	if err != nil {
		return nil, fmt.Errorf("read due domains: %w", err)
	}
	return due, nil
}
