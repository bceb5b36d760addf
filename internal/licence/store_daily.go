package licence

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// alert marks the ids of reminders.
type alert struct{}

// ending is a licence that is about to end, with the reminders of this end that were given.
type ending struct {
	ID           ID            `db:"id"`
	SpecialistID specialist.ID `db:"specialist_id"`
	ExpiresOn    civil.Date    `db:"expires_on"`
	Given        []int         `db:"given"`
}

// watched are the licences whose end matters: of specialists who are there, and not followed by a newer one of the same issuer.
const watched = ` FROM specialist_licences l
	JOIN specialists s ON s.organization_id = l.organization_id AND s.id = l.specialist_id AND s.deleted_at IS NULL
	WHERE l.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM specialist_licences n
	      WHERE n.organization_id = l.organization_id AND n.specialist_id = l.specialist_id AND n.issuer_code = l.issuer_code
	        AND n.deleted_at IS NULL AND n.expires_on > l.expires_on)`

// clinicsDue runs as the owner. A clinic is due in its morning hour, and after it while a reminder is owed.
func clinicsDue(ctx context.Context, tx *postgres.Tx) ([]ident.OrgID, error) {
	rows, err := tx.Query(ctx, `
		SELECT o.id FROM organizations o
		 CROSS JOIN LATERAL (SELECT @now::timestamptz AT TIME ZONE o.timezone AS local) c
		 WHERE o.status = 'active' AND extract(hour FROM c.local) >= @morning
		   AND (extract(hour FROM c.local) = @morning AND EXISTS (SELECT 1 FROM specialist_licences x WHERE x.organization_id = o.id AND x.deleted_at IS NULL)
		     OR EXISTS (SELECT 1`+watched+` AND l.organization_id = o.id AND EXISTS (
		          SELECT 1 FROM unnest(@thresholds::integer[]) t WHERE l.expires_on - c.local::date <= t AND NOT EXISTS (
		            SELECT 1 FROM specialist_licence_alerts a WHERE a.organization_id = l.organization_id AND a.licence_id = l.id
		               AND a.expires_on = l.expires_on AND a.days <= t))))
		 ORDER BY o.id`, pgx.NamedArgs{"now": tx.Now, "morning": morning, "thresholds": thresholds()})
	if err != nil {
		return nil, fmt.Errorf("read clinics with licences: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[ident.OrgID])
	if err != nil {
		return nil, fmt.Errorf("read clinics with licences: %w", err)
	}
	return out, nil
}

func endingBy(ctx context.Context, tx *postgres.Tx, day civil.Date) ([]ending, error) {
	rows, err := tx.Query(ctx, `
		SELECT l.id, l.specialist_id, l.expires_on, ARRAY(SELECT a.days FROM specialist_licence_alerts a
		       WHERE a.organization_id = l.organization_id AND a.licence_id = l.id AND a.expires_on = l.expires_on) AS given`+watched+`
		   AND l.organization_id = (SELECT current_app_org_id()) AND l.expires_on <= $1
		 ORDER BY l.expires_on, l.id`, day)
	if err != nil {
		return nil, fmt.Errorf("read ending licences: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[ending])
	if err != nil {
		return nil, fmt.Errorf("read ending licences: %w", err)
	}
	return out, nil
}

// insertAlert answers false when the reminder was given meanwhile.
func insertAlert(ctx context.Context, tx *postgres.Tx, id ident.ID[alert], e ending, days int) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO specialist_licence_alerts (id, organization_id, licence_id, expires_on, days) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT ON CONSTRAINT specialist_licence_alerts_once DO NOTHING`, id, tx.Principal.OrgID, e.ID, e.ExpiresOn, days)
	if err != nil {
		return false, fmt.Errorf("insert alert of licence: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// withEnded answers the specialists who have a licence that is over on the day; another one may still hold.
func withEnded(ctx context.Context, tx *postgres.Tx, day civil.Date) ([]specialist.ID, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT specialist_id FROM specialist_licences
		 WHERE organization_id = (SELECT current_app_org_id()) AND deleted_at IS NULL AND expires_on <= $1 ORDER BY specialist_id`, day)
	if err != nil {
		return nil, fmt.Errorf("read ended licences: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[specialist.ID])
	if err != nil {
		return nil, fmt.Errorf("read ended licences: %w", err)
	}
	return out, nil
}
