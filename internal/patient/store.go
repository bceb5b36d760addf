package patient

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// profileRow is a profile with what patient_profiles lets the caller see of the person.
type profileRow struct {
	PatientID    ID        `db:"patient_id"`
	ProfileID    profileID `db:"profile_id"`
	FirstName    string    `db:"first_name"`
	LastName     string    `db:"last_name"`
	Email        *string   `db:"email"`
	PhoneSealed  []byte    `db:"phone_encrypted"`
	PhoneKey     *int32    `db:"phone_key_version"`
	PhoneOf      *string   `db:"phone_of"`
	Withheld     bool      `db:"withheld"`
	AccountState string    `db:"account_state"`
	Source       string    `db:"source"`
	FileNumber   string    `db:"file_number"`
	CreatedAt    time.Time `db:"created_at"`
	RowVersion   int64     `db:"row_version"`
}

// profileColumns leave a name empty that the caller may not see.
const profileColumns = `p.patient_id, p.profile_id, COALESCE(p.first_name, '') AS first_name, COALESCE(p.last_name, '') AS last_name, p.email,
	p.phone_encrypted, p.phone_key_version, p.phone_of, p.withheld, o.account_state, o.source, o.file_number, o.created_at, o.row_version`

func order() page.Columns {
	return page.Columns{
		ByName:  map[string]string{"name": "o.name_key", "created_at": "o.created_at"},
		Default: "o.name_key ASC", TieBreak: "o.id",
	}
}

// search is what a list is narrowed by; nil lists and empty texts do not.
type search struct {
	words []string
	phone []byte
	text  string
}

// searchOf understands the text as words of a name, a phone number, part of an address or a file number, all at once.
func (s *Service) searchOf(tx *postgres.Tx, text string) search {
	text = strings.TrimSpace(text)
	out := search{text: text}
	for _, word := range strings.Fields(fold(text)) {
		out.words = append(out.words, "%"+word+"%")
	}
	if phone, ok := ParsePhone(text); ok {
		out.phone = s.phoneIndex(tx.Principal.OrgID, phone)
	}
	return out
}

func listProfiles(ctx context.Context, tx *postgres.Tx, f search, w page.Window) ([]profileRow, int, error) {
	const from = ` FROM patient_org_profiles o
		WHERE o.organization_id = (SELECT current_app_org_id()) AND o.deleted_at IS NULL
		  AND (@text = '' OR cardinality(@words::text[]) > 0 AND o.name_key LIKE ALL (@words::text[])
		       OR o.contact_phone_bidx = @phone OR strpos(lower(o.contact_email::text), lower(@text)) > 0 OR o.file_number = @text)`
	words := f.words
	if words == nil {
		words = []string{}
	}
	args := pgx.NamedArgs{"text": f.text, "words": words, "phone": f.phone, "limit": w.Size, "offset": w.Offset()}
	total := 0
	if err := tx.QueryRow(ctx, "SELECT count(*)"+from, args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count patients: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+profileColumns+" FROM (SELECT o.*"+from+" ORDER BY "+w.OrderBy+
		" LIMIT @limit OFFSET @offset) o CROSS JOIN LATERAL patient_profiles(ARRAY[o.patient_id]) p ORDER BY "+w.OrderBy, args)
	out, err := collectProfiles(rows, err)
	return out, total, err
}

func profilesByPatients(ctx context.Context, tx *postgres.Tx, ids []ID) ([]profileRow, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return collectProfiles(tx.Query(ctx, "SELECT "+profileColumns+` FROM patient_org_profiles o
		  JOIN patient_profiles($1::uuid[]) p ON p.profile_id = o.id
		 WHERE o.organization_id = (SELECT current_app_org_id()) AND o.deleted_at IS NULL`, texts))
}

func profileByPatient(ctx context.Context, tx *postgres.Tx, id ID) (profileRow, error) {
	rows, err := profilesByPatients(ctx, tx, []ID{id})
	if err != nil {
		return profileRow{}, err
	}
	if len(rows) == 0 {
		return profileRow{}, ErrNotFound
	}
	return rows[0], nil
}

func collectProfiles(rows pgx.Rows, err error) ([]profileRow, error) {
	if err != nil {
		return nil, fmt.Errorf("read patients: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[profileRow])
	if err != nil {
		return nil, fmt.Errorf("read patients: %w", err)
	}
	return out, nil
}

// candidates scores the clinic's patients by phone and name (product/02 §4) and keeps 80 and more.
func candidates(ctx context.Context, tx *postgres.Tx, phone []byte, nameKey string) ([]Candidate, error) {
	rows, err := tx.Query(ctx, `
		SELECT patient_id, score FROM (
			SELECT o.patient_id, CASE WHEN o.contact_phone_bidx = $1 THEN 60 ELSE 0 END + CASE WHEN o.name_key = $2 THEN 40 ELSE 0 END AS score
			  FROM patient_org_profiles o
			 WHERE o.organization_id = (SELECT current_app_org_id()) AND o.deleted_at IS NULL
			   AND (o.contact_phone_bidx = $1 OR o.name_key = $2)) scored
		 WHERE score >= 80
		 ORDER BY score DESC, patient_id`, phone, nameKey)
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Candidate])
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	return out, nil
}

// lockPhone lets one transaction at a time add people with a number.
func lockPhone(ctx context.Context, tx *postgres.Tx, index []byte) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('patient:' || encode($1, 'hex'), 0))", index)
	if err != nil {
		return fmt.Errorf("lock phone: %w", err)
	}
	return nil
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
			contact_phone_encrypted, contact_phone_key_version, contact_phone_bidx, source, file_number)
		SELECT @id, @org, @patient, @first, @last, @key, NULLIF(@email, ''), @phone, @version, @index, @source,
		       (COALESCE(max(o.file_number::bigint), 0) + 1)::text
		  FROM patient_org_profiles o WHERE o.organization_id = @org AND o.file_number ~ '^[0-9]{1,15}$'`,
		pgx.NamedArgs{
			"id": n.id, "org": tx.Principal.OrgID, "patient": n.patient, "first": n.contact.FirstName, "last": n.contact.LastName,
			"key": n.contact.nameKey(), "email": n.contact.Email, "phone": n.phone.Cipher, "version": n.phone.KeyVersion, "index": n.index,
			"source": n.source,
		})
	if err != nil {
		return fmt.Errorf("insert profile: %w", err)
	}
	return nil
}
