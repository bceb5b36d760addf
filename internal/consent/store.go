package consent

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

// typeColumns end with the text of the wanted language, or of another when the clinic has published none in it.
const typeColumns = `t.type, t.legal_basis, t.method, t.withdrawable, t.dependents, d.id AS policy_id, COALESCE(d.version, 0) AS version,
	COALESCE(d.title, '') AS title, COALESCE(d.markdown, '') AS markdown`

const fromTypes = ` FROM consent_types t
	  LEFT JOIN LATERAL (SELECT d.id, d.version, d.title, d.markdown FROM policy_documents d
	       WHERE d.organization_id = t.organization_id AND d.consent_type = t.type AND d.published_at IS NOT NULL
	       ORDER BY d.version DESC, d.language_code = @language DESC, d.language_code LIMIT 1) d ON true`

func types(ctx context.Context, tx *postgres.Tx, language string) ([]Type, error) {
	rows, err := tx.Query(ctx, "SELECT "+typeColumns+fromTypes+` WHERE t.organization_id = (SELECT current_app_org_id())
		ORDER BY t.sort_order, t.type`, pgx.NamedArgs{"language": language})
	if err != nil {
		return nil, fmt.Errorf("read consent types: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Type])
	if err != nil {
		return nil, fmt.Errorf("read consent types: %w", err)
	}
	return out, nil
}

func answers(ctx context.Context, tx *postgres.Tx, id patient.ID, language string) ([]Own, error) {
	rows, err := tx.Query(ctx, "SELECT "+typeColumns+`, COALESCE(c.status, 'none') AS status, COALESCE(c.policy_version, 0) AS answered_version,
		       COALESCE(c.at, '0001-01-01'::timestamptz) AS at`+fromTypes+`
		  LEFT JOIN LATERAL (SELECT c.status, c.policy_version, c.at FROM consents c
		       WHERE c.organization_id = t.organization_id AND c.patient_id = @patient AND c.type = t.type
		       ORDER BY c.at DESC, c.id DESC LIMIT 1) c ON true
		 WHERE t.organization_id = (SELECT current_app_org_id()) ORDER BY t.sort_order, t.type`,
		pgx.NamedArgs{"language": language, "patient": id})
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Own])
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	return out, nil
}

// lock lets one act of a patient follow the other.
func lock(ctx context.Context, tx *postgres.Tx, id patient.ID) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('consent:' || $1::text || $2::text, 0))", tx.Principal.OrgID, id)
	if err != nil {
		return fmt.Errorf("lock consents: %w", err)
	}
	return nil
}

func insert(ctx context.Context, tx *postgres.Tx, act ID, of patient.ID, r row, request auth.Request) error {
	agent := []rune(request.UserAgent)
	_, err := tx.Exec(ctx, `
		INSERT INTO consents (id, organization_id, patient_id, type, status, policy_document_id, policy_version, method, actor_user_id, ip,
			user_agent, caused_by, at)
		VALUES (@id, @org, @patient, @type, @status, @policy, NULLIF(@version, 0), @method, @actor, NULLIF(@ip, '')::inet, NULLIF(@agent, ''),
			@cause, @at)`,
		pgx.NamedArgs{
			"id": act, "org": tx.Principal.OrgID, "patient": of, "type": r.of.Type, "status": r.status, "policy": r.of.PolicyID,
			"version": r.of.Version, "method": r.of.Method, "actor": tx.Principal.UserID, "ip": request.IP,
			"agent": string(agent[:min(len(agent), 500)]), "cause": r.cause, "at": tx.Now,
		})
	if err != nil {
		return fmt.Errorf("insert consent: %w", err)
	}
	return nil
}

func order() page.Columns {
	return page.Columns{ByName: map[string]string{"at": "c.at"}, Default: "c.at DESC", TieBreak: "c.id DESC"}
}

func list(ctx context.Context, tx *postgres.Tx, f Find, w page.Window) ([]Consent, int, error) {
	const from = ` FROM consents c WHERE c.organization_id = (SELECT current_app_org_id())
		AND (@patient::uuid IS NULL OR c.patient_id = @patient) AND (@type = '' OR c.type = @type) AND (@status = '' OR c.status = @status)`
	args := pgx.NamedArgs{"patient": f.Patient, "type": f.Type, "status": f.Status, "limit": w.Size, "offset": w.Offset()}
	total := 0
	if err := tx.QueryRow(ctx, "SELECT count(*)"+from, args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count consents: %w", err)
	}
	rows, err := tx.Query(ctx, `SELECT c.id, c.patient_id, c.type, c.status, COALESCE(c.policy_version, 0) AS policy_version, c.method,
		c.actor_relation, c.caused_by, c.at`+from+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return nil, 0, fmt.Errorf("read consents: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Consent])
	if err != nil {
		return nil, 0, fmt.Errorf("read consents: %w", err)
	}
	return out, total, nil
}
