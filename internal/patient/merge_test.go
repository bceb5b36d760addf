package patient_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type mergeShown struct {
	ID    string
	Moved []struct {
		Table string
		Count int
	}
}

// desk is a clinic with one specialist and one service, and the means to write visits straight into the database.
type desk struct {
	t                   *testing.T
	api                 *apitest.API
	clinic              apitest.Clinic
	admin               apitest.Client
	super               *pgx.Conn
	specialist, service string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	d := &desk{t: t, api: api, clinic: clinic, admin: clinic.AsAdmin(), super: api.DB.Super(t)}
	d.specialist = d.admin.Post("/v1/specialists", object{"name": "Dan", "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated).ID()
	d.service = d.admin.Post("/v1/services", object{"name": "Evaluare", "category": "therapy", "duration_min": 30}).Must(http.StatusCreated).ID()
	return d
}

// wait lets time pass; the administrator signs in again.
func (d *desk) wait(long time.Duration) {
	d.api.Move(d.api.Clock.Now().Add(long))
	d.admin = d.clinic.AsAdmin()
}

func (d *desk) patient(first, last, phone string) string {
	d.t.Helper()
	return d.admin.Post("/v1/patients", object{"first_name": first, "last_name": last, "phone": phone}).Must(http.StatusCreated).ID()
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.super.Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatal(err)
	}
}

// visit is one of the patient's, on a day of 2027.
func (d *desk) visit(patient string, day int) string {
	d.t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	start := time.Date(2027, 3, day, 9, 0, 0, 0, time.UTC)
	d.exec(`INSERT INTO appointments (id, organization_id, reference, patient_id, contact_name, specialist_id, service_id, modality, start_at, end_at,
			timezone, status, currency, price_source, duration_min, source, cancel_until)
		VALUES ($1, $2, $7, $3, 'Ana Pop', $4, $5, 'in_person', $6::timestamptz, $6::timestamptz + interval '30 minutes',
			'Europe/Bucharest', 'upcoming', 'RON', 'service', 30, 'staff', $6)`,
		id, d.clinic.ID, patient, d.specialist, d.service, start, strings.ToUpper(strings.ReplaceAll(id, "-", ""))[24:])
	return id
}

func (d *desk) visitsOf(patient string) string {
	d.t.Helper()
	var out []string
	for _, v := range apitest.Data[[]struct{ ID string }](d.admin.Get("/v1/appointments?patient_id=" + patient).Must(http.StatusOK)) {
		out = append(out, v.ID)
	}
	return strings.Join(out, " ")
}

// Verifies CORE-09 but for the signed form, which comes with forms.
func TestMerge_movesEverythingAndUndoPutsBackExactlyThat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := d.patient("Ana", "Pop", "0722123456"), d.patient("Ana-Maria", "Pop", "0733000111")
	moved := []string{d.visit(b, 1), d.visit(b, 2), d.visit(b, 3)}
	own := d.visit(a, 4)

	preview := apitest.Data[struct {
		Moves []struct {
			Table string
			Count int
		}
	}](d.admin.Get("/v1/patients/merge-preview?from=" + b + "&into=" + a).Must(http.StatusOK))
	if fmt.Sprint(preview.Moves) != "[{appointments 3}]" {
		t.Errorf("the preview says %v", preview.Moves)
	}
	merge := apitest.Data[mergeShown](d.admin.Post("/v1/patients/merge", object{"from_patient_id": b, "into_patient_id": a}).Must(http.StatusCreated))
	if fmt.Sprint(merge.Moved) != "[{appointments 3}]" {
		t.Errorf("moved: %v", merge.Moved)
	}
	if got, want := d.visitsOf(a), strings.Join(append(slices.Clone(moved), own), " "); got != want {
		t.Errorf("visits of A are %s, want %s", got, want)
	}
	gone := apitest.JSON[struct {
		MergedInto string `json:"merged_into"`
	}](d.admin.Get("/v1/patients/"+b).Expect(http.StatusGone, "merged"))
	if gone.MergedInto != a {
		t.Errorf("B was merged into %s", gone.MergedInto)
	}
	if people := apitest.Data[[]shown](d.admin.Get("/v1/patients").Must(http.StatusOK)); len(people) != 1 || people[0].ID != a {
		t.Errorf("the list shows %+v", people)
	}
	d.admin.Post("/v1/patients/merge", object{"from_patient_id": b, "into_patient_id": a}).Expect(http.StatusNotFound, "patient_not_found")

	later := d.visit(a, 5)
	d.wait(6 * 24 * time.Hour)
	d.admin.Post("/v1/patient-merges/"+merge.ID+"/undo", nil).Must(http.StatusOK)
	if got, want := d.visitsOf(b), strings.Join(moved, " "); got != want {
		t.Errorf("visits of B are %s, want %s", got, want)
	}
	if got, want := d.visitsOf(a), own+" "+later; got != want {
		t.Errorf("visits of A are %s, want %s", got, want)
	}
	d.admin.Get("/v1/patients/" + b).Must(http.StatusOK)
	d.admin.Post("/v1/patient-merges/"+merge.ID+"/undo", nil).Expect(http.StatusConflict, "merge_undone")

	again := d.admin.Post("/v1/patients/merge", object{"from_patient_id": b, "into_patient_id": a}).Must(http.StatusCreated).ID()
	d.wait(8 * 24 * time.Hour)
	d.admin.Post("/v1/patient-merges/"+again+"/undo", nil).Expect(http.StatusConflict, "undo_expired")
	d.admin.Get("/v1/patients/"+b).Expect(http.StatusGone, "merged")
}

// Every table whose key names a profile takes part, the columns that are called otherwise too; each has an id to remember its rows by.
func TestMerge_readsTheTablesFromTheDatabase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows, err := d.super.Query(t.Context(), `SELECT f.place, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = f.of_table AND a.attname = 'id' AND a.attnum > 0)
		FROM patient_references() f`)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	var (
		place string
		hasID bool
	)
	if _, err := pgx.ForEachRow(rows, []any{&place, &hasID}, func() error { found[place] = hasID; return nil }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"appointments", "patient_invitations", "guest_contacts.converted_patient_id", "consents"} {
		if _, there := found[want]; !there {
			t.Errorf("%s would be left behind", want)
		}
	}
	for place, hasID := range found {
		if !hasID {
			t.Errorf("rows of %s cannot be remembered", place)
		}
	}
	// A table of tomorrow joins by having the key.
	d.exec(`CREATE TABLE notes_of_tomorrow (id uuid PRIMARY KEY, organization_id uuid NOT NULL, patient_id uuid NOT NULL,
		FOREIGN KEY (organization_id, patient_id) REFERENCES patient_org_profiles (organization_id, patient_id))`)
	d.exec("ALTER TABLE notes_of_tomorrow OWNER TO restartix")
	a, b := d.patient("Ana", "Pop", "0722123456"), d.patient("Ion", "Pop", "0733000111")
	d.exec("INSERT INTO notes_of_tomorrow VALUES (gen_random_uuid(), $1, $2)", d.clinic.ID, b)
	merge := apitest.Data[mergeShown](d.admin.Post("/v1/patients/merge", object{"from_patient_id": b, "into_patient_id": a}).Must(http.StatusCreated))
	if fmt.Sprint(merge.Moved) != "[{notes_of_tomorrow 1}]" {
		t.Errorf("moved: %v", merge.Moved)
	}
}

func TestMerge_refuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := d.patient("Ana", "Pop", "0722123456"), d.patient("Ion", "Pop", "0733000111")
	merge := func(from, into string) apitest.Answer {
		return d.admin.Post("/v1/patients/merge", object{"from_patient_id": from, "into_patient_id": into})
	}
	foreign := d.api.Clinic("beta").AsAdmin().Post("/v1/patients", ana()).Must(http.StatusCreated).ID()
	merge(foreign, a).Expect(http.StatusNotFound, "patient_not_found")
	merge(a, foreign).Expect(http.StatusNotFound, "patient_not_found")
	merge(a, a).Expect(http.StatusUnprocessableEntity, "validation_error")
	d.clinic.Client(d.clinic.Member(auth.Specialist)).App(auth.Clinic).Post("/v1/patients/merge", object{"from_patient_id": b, "into_patient_id": a}).
		Expect(http.StatusForbidden, "forbidden")

	d.exec("UPDATE appointments SET patient_id = $1 WHERE id = $2", a, d.visit(b, 1))
	other := d.visit(b, 2)
	d.exec("ALTER TABLE appointments DROP CONSTRAINT appointments_specialist_no_overlap")
	d.exec("UPDATE appointments SET start_at = timestamptz '2027-03-01 09:00Z', end_at = timestamptz '2027-03-01 09:30Z' WHERE id = $1", other)
	merge(b, a).Expect(http.StatusConflict, "merge_overlap")
	d.exec("DELETE FROM appointments WHERE id = $1", other)

	own := func(patient, name string) {
		person := d.api.Person(name)
		d.api.As(person).Get("/v1/me").Must(http.StatusOK)
		d.exec("UPDATE patients SET user_id = $1 WHERE id = $2", d.api.UserID(person), patient)
	}
	own(b, "ion")
	merge(b, a).Expect(http.StatusConflict, "account_must_stay")
	own(a, "ana")
	merge(b, a).Expect(http.StatusConflict, "both_have_accounts")
	d.exec("UPDATE patients SET user_id = NULL WHERE id = $1", a)
	merge(a, b).Must(http.StatusCreated)
}

func TestDuplicates_pairsByScore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	type pair struct {
		Score         int
		Equal         []string
		First, Second struct{ ID string }
	}
	add := func(first, last, phone string, seen ...string) string {
		return d.admin.Post("/v1/patients", object{"first_name": first, "last_name": last, "phone": phone, "acknowledge_duplicates": seen}).
			Must(http.StatusCreated).ID()
	}
	ana := add("Ana", "Ștefan", "0722123456")
	twin := add("ANA", "Stefan", "0722 123 456", ana) // phone 60 + name 40
	born := add("Ana", "Stefan", "0733000111")        // name 50 + day 40 with ana
	number := add("Ioana", "Popescu", "0744000111")   // equal number with born
	family := add("Maria", "Ștefan", "0722123456")    // the phone alone is a family
	d.exec("UPDATE patient_org_profiles SET birth_date = '1990-05-04' WHERE patient_id IN ($1, $2)", ana, born)
	d.exec("UPDATE patient_org_profiles SET cnp_encrypted = 'x', cnp_key_version = 1, cnp_bidx = sha256('same') WHERE patient_id IN ($1, $2)", born, number)

	got := map[string]string{}
	for _, p := range apitest.Data[[]pair](d.admin.Get("/v1/patients/duplicates").Must(http.StatusOK)) {
		got[p.First.ID+" "+p.Second.ID] = fmt.Sprint(p.Score, p.Equal)
	}
	want := map[string]string{
		ana + " " + twin: "100 [phone name]", ana + " " + born: "90 [name birth_date]", born + " " + number: "100 [cnp]",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("pairs are %v, want %v (family is %s)", got, want, family)
	}
	if others := apitest.Data[[]pair](d.api.Clinic("beta").AsAdmin().Get("/v1/patients/duplicates").Must(http.StatusOK)); len(others) != 0 {
		t.Errorf("another clinic sees %+v", others)
	}
}
