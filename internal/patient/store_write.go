package patient

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// entryRow is the clinic's own copy as it is stored.
type entryRow struct {
	ID          profileID  `db:"id"`
	FirstName   *string    `db:"display_first_name"`
	LastName    *string    `db:"display_last_name"`
	NameKey     string     `db:"name_key"`
	Email       *string    `db:"contact_email"`
	PhoneSealed []byte     `db:"contact_phone_encrypted"`
	PhoneKey    *int32     `db:"contact_phone_key_version"`
	PhoneIndex  []byte     `db:"contact_phone_bidx"`
	BirthDate   civil.Date `db:"birth_date"`
	Sex         string     `db:"sex"`
	CNPSealed   []byte     `db:"cnp_encrypted"`
	CNPKey      *int32     `db:"cnp_key_version"`
	CNPIndex    []byte     `db:"cnp_bidx"`
	FileNumber  string     `db:"file_number"`
	Status      string     `db:"status"`
	RowVersion  int64      `db:"row_version"`
}

// lockEntry reads the copy and keeps others from changing it until the transaction ends.
func lockEntry(ctx context.Context, tx *postgres.Tx, id ID) (entryRow, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, display_first_name, display_last_name, name_key, contact_email::text AS contact_email, contact_phone_encrypted,
		       contact_phone_key_version, contact_phone_bidx, birth_date, sex, cnp_encrypted, cnp_key_version, cnp_bidx, file_number, status, row_version
		  FROM patient_org_profiles
		 WHERE organization_id = (SELECT current_app_org_id()) AND patient_id = $1 AND deleted_at IS NULL AND status <> 'merged'
		   FOR UPDATE`, id)
	if err != nil {
		return entryRow{}, fmt.Errorf("lock profile: %w", err)
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[entryRow])
	if postgres.IsNoRows(err) {
		return entryRow{}, ErrNotFound
	}
	if err != nil {
		return entryRow{}, fmt.Errorf("lock profile: %w", err)
	}
	return out, nil
}

// entryWrite is the copy as it is to be stored.
type entryWrite struct {
	id                   profileID
	entry                Entry
	nameKey              string
	phone, cnp           *seal.Value
	phoneIndex, cnpIndex []byte
}

func updateEntry(ctx context.Context, tx *postgres.Tx, w entryWrite) error {
	e := w.entry
	_, err := tx.Exec(ctx, `
		UPDATE patient_org_profiles SET display_first_name = @first, display_last_name = @last, name_key = @key, contact_email = @email,
			contact_phone_encrypted = @phone, contact_phone_key_version = @phone_version, contact_phone_bidx = @phone_index,
			birth_date = @birth, sex = @sex, cnp_encrypted = @cnp, cnp_key_version = @cnp_version, cnp_bidx = @cnp_index,
			file_number = @number, status = @status
		 WHERE id = @id`,
		pgx.NamedArgs{
			"id": w.id, "first": e.FirstName, "last": e.LastName, "key": w.nameKey, "email": e.Email, "phone": cipherOf(w.phone),
			"phone_version": keyOf(w.phone), "phone_index": w.phoneIndex, "birth": e.BirthDate, "sex": e.Sex, "cnp": cipherOf(w.cnp),
			"cnp_version": keyOf(w.cnp), "cnp_index": w.cnpIndex, "number": e.FileNumber, "status": e.Status,
		})
	if postgres.Constraint(err) == "patient_org_profiles_file_number_key" {
		return ErrFileNumberTaken.At("body.file_number", "is taken")
	}
	if err != nil {
		return fmt.Errorf("update profile: %w", err)
	}
	return nil
}

func removeEntry(ctx context.Context, tx *postgres.Tx, id profileID) error {
	if _, err := tx.Exec(ctx, "UPDATE patient_org_profiles SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove profile: %w", err)
	}
	return nil
}

// writePortable answers false when the caller may not write the row.
func writePortable(ctx context.Context, tx *postgres.Tx, id ID, values map[string]any) (bool, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return false, fmt.Errorf("write values: %w", err)
	}
	var written bool
	if err := tx.QueryRow(ctx, "SELECT patient_portable_write($1, $2)", id, text).Scan(&written); err != nil {
		return false, fmt.Errorf("write portable record: %w", err)
	}
	return written, nil
}

// personRow is a person's own row.
type personRow struct {
	ID          ID         `db:"id"`
	FirstName   string     `db:"first_name"`
	LastName    string     `db:"last_name"`
	BirthDate   civil.Date `db:"date_of_birth"`
	Sex         string     `db:"sex"`
	PhoneSealed []byte     `db:"phone_encrypted"`
	PhoneKey    *int32     `db:"phone_key_version"`
	Email       *string    `db:"email"`
	Locale      string     `db:"locale"`
	healthRow
	RowVersion int64 `db:"row_version"`
}

// ownRecord reads the caller's row: row-level security shows nobody else's.
func ownRecord(ctx context.Context, tx *postgres.Tx) (personRow, error) {
	rows, err := tx.Query(ctx, `
		SELECT p.id, p.first_name, p.last_name, p.date_of_birth, p.sex, p.phone_encrypted, p.phone_key_version, p.email::text AS email, p.locale,
		       `+healthColumns+`, p.row_version
		  FROM patients p WHERE p.user_id = $1`, tx.Principal.UserID)
	if err != nil {
		return personRow{}, fmt.Errorf("read own record: %w", err)
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[personRow])
	if postgres.IsNoRows(err) {
		return personRow{}, ErrNotFound
	}
	if err != nil {
		return personRow{}, fmt.Errorf("read own record: %w", err)
	}
	return out, nil
}

// share answers the patient when the decision changed something.
func share(ctx context.Context, tx *postgres.Tx, shared bool, consent any) (ID, bool, error) {
	var id *ID
	if err := tx.QueryRow(ctx, "SELECT patient_share($1, $2)", shared, consent).Scan(&id); err != nil {
		return ID{}, false, fmt.Errorf("share record: %w", err)
	}
	if id == nil {
		return ID{}, false, nil
	}
	return *id, true, nil
}

// Named is what a lookup answers.
type Named struct {
	ID        ID     `db:"patient_id"`
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
}

func lookup(ctx context.Context, tx *postgres.Tx, words []string) ([]Named, error) {
	rows, err := tx.Query(ctx, "SELECT patient_id, first_name, last_name FROM patient_lookup($1)", words)
	if err != nil {
		return nil, fmt.Errorf("look patients up: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Named])
	if err != nil {
		return nil, fmt.Errorf("look patients up: %w", err)
	}
	return out, nil
}
