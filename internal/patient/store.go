package patient

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// profileRow is a profile with what patient_profiles lets the caller see of the person.
type profileRow struct {
	PatientID   ID         `db:"patient_id"`
	ProfileID   profileID  `db:"profile_id"`
	FirstName   string     `db:"first_name"`
	LastName    string     `db:"last_name"`
	Email       *string    `db:"email"`
	PhoneSealed []byte     `db:"phone_encrypted"`
	PhoneKey    *int32     `db:"phone_key_version"`
	PhoneOf     *string    `db:"phone_of"`
	BirthDate   civil.Date `db:"birth_date"`
	Sex         string     `db:"sex"`
	CNPSealed   []byte     `db:"cnp_encrypted"`
	CNPKey      *int32     `db:"cnp_key_version"`
	healthRow
	Withheld      bool      `db:"withheld"`
	WithheldNames []string  `db:"withheld_fields"`
	Editable      bool      `db:"portable_editable"`
	Shared        bool      `db:"profile_shared"`
	Status        string    `db:"status"`
	AccountState  string    `db:"account_state"`
	Source        string    `db:"source"`
	FileNumber    string    `db:"file_number"`
	CreatedAt     time.Time `db:"created_at"`
	UpdatedAt     time.Time `db:"updated_at"`
	RowVersion    int64     `db:"row_version"`
}

// healthRow are the portable columns, which a person's own row and patient_profiles name alike.
type healthRow struct {
	Occupation      *string  `db:"occupation"`
	Line            *string  `db:"residence_line"`
	Locality        *string  `db:"residence_locality"`
	County          *string  `db:"residence_county"`
	PostalCode      *string  `db:"residence_postal_code"`
	BloodType       *string  `db:"blood_type"`
	Allergies       []string `db:"allergies"`
	Chronic         []string `db:"chronic_conditions"`
	EmergencyName   *string  `db:"emergency_contact_name"`
	EmergencySealed []byte   `db:"emergency_contact_phone_encrypted"`
	EmergencyKey    *int32   `db:"emergency_contact_phone_key_version"`
	InsuranceSealed []byte   `db:"insurance_encrypted"`
	InsuranceKey    *int32   `db:"insurance_key_version"`
}

const healthColumns = `p.occupation, p.residence_line, p.residence_locality, p.residence_county, p.residence_postal_code, p.blood_type,
	p.allergies, p.chronic_conditions, p.emergency_contact_name, p.emergency_contact_phone_encrypted, p.emergency_contact_phone_key_version,
	p.insurance_encrypted, p.insurance_key_version`

// profileColumns leave a name empty that the caller may not see.
const profileColumns = `p.patient_id, p.profile_id, COALESCE(p.first_name, '') AS first_name, COALESCE(p.last_name, '') AS last_name, p.email,
	p.phone_encrypted, p.phone_key_version, p.phone_of, p.birth_date, p.sex, p.cnp_encrypted, p.cnp_key_version, ` + healthColumns + `,
	p.withheld, p.withheld_fields, p.portable_editable, o.profile_shared, o.status, o.account_state, o.source, o.file_number, o.created_at,
	o.updated_at, o.row_version`

func order() page.Columns {
	return page.Columns{
		ByName: map[string]string{
			"name": "o.name_order", "created_at": "o.created_at", "updated_at": "o.updated_at", "file_number": "o.file_number",
		},
		Default: "o.name_order ASC", TieBreak: "o.id",
	}
}

// search is what a list is narrowed by. Words are LIKE patterns, the longest first, because the index looks for that one.
type search struct {
	words  []string
	phone  []byte
	number string
}

func (f search) empty() bool { return len(f.words) == 0 && f.phone == nil && f.number == "" }

// searchOf understands the text as words of a name or an address, a phone number, or a file number, all at once.
func (s *Service) searchOf(tx *postgres.Tx, text string) search {
	text = strings.TrimSpace(text)
	out := search{words: wordsOf(text), number: text}
	if phone, ok := ParsePhone(text); ok {
		out.phone = s.phoneIndex(tx.Principal.OrgID, phone)
	}
	return out
}

// wordsOf makes the patterns of a search: folded words, and addresses as they are written.
func wordsOf(text string) []string {
	out := []string{}
	for _, part := range strings.Fields(text) {
		if strings.Contains(part, "@") {
			out = append(out, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(foldASCII(part))+"%")
			continue
		}
		for _, word := range strings.Fields(fold(part)) {
			out = append(out, "%"+word+"%")
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// listProfiles answers a page and the number of all that match. Without a search the policies choose the rows; with one patient_search does,
// by the same rule, because only inside it the index can be asked.
func listProfiles(ctx context.Context, tx *postgres.Tx, f Find, by search, w page.Window) ([]profileRow, int, error) {
	const ids = "patient_search(@words, @phone, @number, @status, @account, @source)"
	from := ` FROM patient_org_profiles o
		WHERE o.organization_id = (SELECT current_app_org_id()) AND o.deleted_at IS NULL AND `
	counted := ""
	if by.empty() {
		from += `o.status <> 'merged' AND (@status = '' OR o.status = @status) AND (@account = '' OR o.account_state = @account)
		  AND (@source = '' OR o.source = @source)`
		counted = from
	} else {
		from += "o.patient_id = ANY (ARRAY(SELECT " + ids + "))"
		counted = " FROM " + ids
	}
	args := pgx.NamedArgs{
		"status": f.Status, "account": f.AccountState, "source": f.Source, "words": by.words, "phone": by.phone, "number": by.number,
		"limit": w.Size, "offset": w.Offset(),
	}
	total := 0
	if err := tx.QueryRow(ctx, "SELECT count(*)"+counted, args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count patients: %w", err)
	}
	rows, err := tx.Query(ctx, "WITH found AS MATERIALIZED (SELECT o.*"+from+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset) SELECT "+
		profileColumns+` FROM found o JOIN patient_profiles(ARRAY(SELECT patient_id FROM found)) p ON p.profile_id = o.id ORDER BY `+w.OrderBy, args)
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
		return profileRow{}, gone(ctx, tx, id)
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

// lockPhone lets one transaction at a time add people with a number.
func lockPhone(ctx context.Context, tx *postgres.Tx, index []byte) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('patient:' || encode($1, 'hex'), 0))", index)
	if err != nil {
		return fmt.Errorf("lock phone: %w", err)
	}
	return nil
}
