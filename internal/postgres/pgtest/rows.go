package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Clinic is one of the two clinics of the row sets, with the ids of its people.
type Clinic struct {
	// Letter is "A" or "B"; every text of the clinic's rows carries CNRY-<letter>-<table>-<column>.
	Letter string
	// Mark begins every id of the clinic's rows and of nobody else's.
	Mark                                     string
	Org, Patient, Specialist, Support, Admin string
}

// ClinicA is the clinic that the figures act in.
func ClinicA() Clinic { return clinicOf("A") }

// ClinicB is the clinic that must stay unseen.
func ClinicB() Clinic { return clinicOf("B") }

// SharedPerson is admin in clinic A and patient in clinic B.
const SharedPerson = "cccccccc-0000-7000-8000-000000000001"

func clinicOf(letter string) Clinic {
	mark := strings.Repeat(strings.ToLower(letter), 8)
	id := func(n int) string { return fmt.Sprintf("%s-0000-7000-8000-%012d", mark, n) }
	return Clinic{Letter: letter, Mark: mark, Org: id(0), Patient: id(1), Specialist: id(2), Support: id(3), Admin: id(4)}
}

// RowSet is one file of migrations/testdata/rows: the rows of the tables that one migration adds.
type RowSet struct {
	// Migration is the name of the migration's files up to the first dot, for example "000004_organizations".
	Migration string
	each      string
	once      string
}

// onceMarker begins the part of a row set that is not written for each clinic.
const onceMarker = "-- once\n"

// RowSets reads all row sets in the order of their migrations.
func RowSets(t testing.TB) []RowSet {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(moduleRoot(t), "migrations", "testdata", "rows", "*.sql"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no row sets found: %v", err)
	}
	sets := make([]RowSet, len(paths)) // Glob sorts
	for i, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("read row set: %v", err)
		}
		each, once, _ := strings.Cut(string(b), onceMarker)
		sets[i] = RowSet{Migration: strings.TrimSuffix(filepath.Base(path), ".sql"), each: each, once: once}
	}
	return sets
}

var placeholder = regexp.MustCompile(`\{(X|x|mark|org|patient|specialist|support|admin|id \d+)\}`)

// For is the set's SQL for one clinic.
func (s RowSet) For(c Clinic) string {
	return placeholder.ReplaceAllStringFunc(s.each, func(p string) string {
		switch word := p[1 : len(p)-1]; word {
		case "X":
			return c.Letter
		case "x":
			return strings.ToLower(c.Letter)
		case "mark":
			return c.Mark
		case "org":
			return c.Org
		case "patient":
			return c.Patient
		case "specialist":
			return c.Specialist
		case "support":
			return c.Support
		case "admin":
			return c.Admin
		default:
			return fmt.Sprintf("%s-0000-7000-8000-%012s", c.Mark, strings.TrimPrefix(word, "id "))
		}
	})
}

// Insert writes the set for both clinics, then its shared part.
func (s RowSet) Insert(t testing.TB, super *pgx.Conn) {
	t.Helper()
	for _, sql := range []string{s.For(ClinicA()), s.For(ClinicB()), s.once} {
		if _, err := super.Exec(t.Context(), sql); err != nil {
			t.Fatalf("row set %s: %v", s.Migration, err)
		}
	}
}

// Seeded is New with the rows of both clinics in every table.
func Seeded(t testing.TB, server string, options ...Option) *Database {
	t.Helper()
	d := NewOn(t, server, options...)
	super := d.Super(t)
	for _, set := range RowSets(t) {
		set.Insert(t, super)
	}
	return d
}
