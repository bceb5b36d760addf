package organization

import (
	"context"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// The three look-ups run as a visitor without a clinic: the policies show active clinics and verified domains only.

func activeBySlug(ctx context.Context, tx *postgres.Tx, slug string) (Organization, error) {
	return collectOne(tx.Query(ctx, "SELECT "+publicColumns+", "+faceOnly+" FROM organizations o WHERE o.slug = $1 AND o.status = 'active'", slug))
}

func activeByID(ctx context.Context, tx *postgres.Tx, id ident.OrgID) (Organization, error) {
	return collectOne(tx.Query(ctx, "SELECT "+publicColumns+", "+faceOnly+" FROM organizations o WHERE o.id = $1 AND o.status = 'active'", id))
}

func activeByDomain(ctx context.Context, tx *postgres.Tx, domain string) (Organization, error) {
	return collectOne(tx.Query(ctx, "SELECT "+publicColumns+", "+faceOnly+` FROM organization_domains d
		JOIN organizations o ON o.id = d.organization_id
		WHERE d.domain = $1 AND d.status = 'verified' AND o.status = 'active'`, domain))
}
