package patient

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// probe is what somebody is compared with the clinic's patients by. A nil index and no day find nobody.
type probe struct {
	phone, cnp []byte
	nameKey    string
	birth      civil.Date
}

// candidates scores the clinic's patients (product/02 §4): an equal personal number is enough; phone and name together, or name and
// birthday, make 80 and more.
func candidates(ctx context.Context, tx *postgres.Tx, p probe) ([]Candidate, error) {
	rows, err := tx.Query(ctx, `
		SELECT patient_id, least(score, 100) AS score FROM (
			SELECT o.patient_id, CASE WHEN o.cnp_bidx = @cnp THEN 100 ELSE 0 END
			       + greatest(CASE WHEN o.contact_phone_bidx = @phone THEN 60 ELSE 0 END + CASE WHEN o.name_key = @name THEN 40 ELSE 0 END,
			                  CASE WHEN o.name_key = @name AND o.birth_date = @birth THEN 90 ELSE 0 END) AS score
			  FROM patient_org_profiles o
			 WHERE o.organization_id = (SELECT current_app_org_id()) AND o.deleted_at IS NULL AND o.status <> 'merged'
			   AND (o.contact_phone_bidx = @phone OR o.name_key = @name OR o.cnp_bidx = @cnp)) scored
		 WHERE score >= 80
		 ORDER BY score DESC, patient_id`, pgx.NamedArgs{"cnp": p.cnp, "phone": p.phone, "name": p.nameKey, "birth": p.birth})
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Candidate])
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	return out, nil
}

func insertPatient(ctx context.Context, tx *postgres.Tx, id ID, c Contact, phone seal.Value) error {
	_, err := tx.Exec(ctx, "SELECT patient_make($1, $2, $3, NULLIF($4, ''), $5, $6, $7)",
		id, c.FirstName, c.LastName, c.Email, phone.Cipher, phone.KeyVersion, string(c.Locale))
	if err != nil {
		return fmt.Errorf("insert patient: %w", err)
	}
	return nil
}

// insertProfile gives the next file number of the clinic; the lock keeps two patients from getting the same.
func insertProfile(ctx context.Context, tx *postgres.Tx, n newProfile) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('file_number:' || $1::text, 0))", tx.Principal.OrgID); err != nil {
		return fmt.Errorf("lock file numbers: %w", err)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO patient_org_profiles (id, organization_id, patient_id, display_first_name, display_last_name, name_key, contact_email,
			contact_phone_encrypted, contact_phone_key_version, contact_phone_bidx, source, birth_date, sex, cnp_encrypted, cnp_key_version,
			cnp_bidx, file_number)
		SELECT @id, @org, @patient, @first, @last, @key, NULLIF(@email, ''), @phone, @version, @index, @source, @birth,
		       COALESCE(NULLIF(@sex, ''), 'unknown'), @cnp, @cnp_version, @cnp_index,
		       (COALESCE(max(o.file_number::bigint), 0) + 1)::text
		  FROM patient_org_profiles o WHERE o.organization_id = @org AND o.file_number ~ '^[0-9]{1,15}$'`,
		pgx.NamedArgs{
			"id": n.id, "org": tx.Principal.OrgID, "patient": n.patient, "first": n.contact.FirstName, "last": n.contact.LastName,
			"key": n.contact.nameKey(), "email": n.contact.Email, "phone": n.phone.Cipher, "version": n.phone.KeyVersion, "index": n.index,
			"source": n.source, "birth": n.birth, "sex": n.sex, "cnp": cipherOf(n.cnp), "cnp_version": keyOf(n.cnp), "cnp_index": n.cnpIndex,
		})
	if err != nil {
		return fmt.Errorf("insert profile: %w", err)
	}
	return nil
}
