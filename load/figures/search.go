package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	fewPatients   = 10_000
	manyPatients  = 100_000
	searches      = 300
	searchGoal    = 60 * time.Millisecond
	patientGrowth = 2.0
	explained     = "load/results/patients-search.explain.txt"
)

// fillPatients adds people to the clinic of the address until it has $2 of them: thirty first names, forty last names, and a word of four
// letters that nobody else has, so that a whole name finds one person however many there are.
const fillPatients = `
WITH clinic AS (
    SELECT m.organization_id AS org FROM user_organizations m JOIN users u ON u.id = m.user_id WHERE u.email = $1 AND m.role = 'admin' LIMIT 1
), person AS (
    SELECT gen_random_uuid() AS id, k, org,
           (ARRAY['ana','ion','maria','elena','andrei','mihai','ioana','george','cristina','vlad','alina','radu','dana','paul','irina','dan','oana',
                  'emil','laura','sorin','carmen','marius','silvia','victor','diana','petru','adela','liviu','monica','traian'])[1 + k % 30] AS first,
           (ARRAY['popescu','ionescu','popa','dumitru','stan','gheorghe','rusu','munteanu','matei','marin','lazar','ciobanu','florea','dinu','neagu',
                  'toma','serban','ungureanu','barbu','moldovan','nistor','voicu','enache','cozma','preda','albu','bucur','dragan','filip','grigore',
                  'iacob','manole','nedelcu','oprea','pavel','roman','sandu','tudor','vasile','zamfir'])[1 + k / 30 % 40]
           || ' ' || translate(lpad(to_hex(k), 5, '0'), '0123456789abcdef', 'abcdefghijklmnop') AS last
      FROM clinic, generate_series((SELECT count(*) FROM patient_org_profiles p JOIN clinic c ON c.org = p.organization_id AND p.source = 'import'), $2::bigint - 1) AS k
), made AS (
    INSERT INTO patients (id, first_name, last_name) SELECT id, initcap(first), initcap(last) FROM person RETURNING id
)
INSERT INTO patient_org_profiles (id, organization_id, patient_id, display_first_name, display_last_name, name_key, contact_email, file_number, source)
SELECT gen_random_uuid(), org, p.id, initcap(first), initcap(last), first || ' ' || last, replace(last, ' ', '.') || '@example.test', 'L' || k, 'import'
  FROM person p JOIN made USING (id)`

// sample are the times of one address.
type sample []time.Duration

func (s sample) at(share float64) time.Duration {
	return s[min(len(s)-1, int(share*float64(len(s))))]
}

// search measures the list of patients and its search through the whole API, in a clinic of ten and then of a hundred thousand: how the times
// grow (PF-5), and the times themselves. The plan of the search is kept beside the results.
func search(ctx context.Context, api, demo string) (err error) {
	admin, err := administrator(demo)
	if err != nil {
		return err
	}
	owner, err := pgx.Connect(ctx, os.Getenv("DATABASE_ADMIN_URL"))
	if err != nil {
		return errors.New("search: the owner's database address does not answer")
	}
	defer func() { err = errors.Join(err, owner.Close(ctx)) }()
	b := &board{}
	few, err := measureSearch(ctx, owner, api, admin, fewPatients)
	if err != nil {
		return err
	}
	many, err := measureSearch(ctx, owner, api, admin, manyPatients)
	if err != nil {
		return err
	}
	for _, name := range []string{"list", "name"} {
		ratio := float64(many[name].at(0.5)) / float64(few[name].at(0.5))
		b.print("PF-5/patients-"+name, ratio <= patientGrowth, "growth=%.2f,p50=%dus,patients=%d", ratio, many[name].at(0.5).Microseconds(), manyPatients)
	}
	for _, name := range []string{"name", "letters"} {
		p95 := many[name].at(0.95)
		b.print("LOAD/patients-search/"+name, p95 <= searchGoal, "p50=%dms,p95=%dms,patients=%d", many[name].at(0.5).Milliseconds(), p95.Milliseconds(), manyPatients)
	}
	if b.missed {
		return errors.New("a figure was missed")
	}
	return nil
}

func measureSearch(ctx context.Context, owner *pgx.Conn, api string, admin signIn, patients int) (map[string]sample, error) {
	if _, err := owner.Exec(ctx, fillPatients, admin.Email, patients); err != nil {
		return nil, fmt.Errorf("fill patients: %w", err)
	}
	if _, err := owner.Exec(ctx, "VACUUM ANALYZE patient_org_profiles, patients"); err != nil {
		return nil, fmt.Errorf("fill patients: %w", err)
	}
	dir, err := os.MkdirTemp("", "restartix-load-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	limits, err := limitsFile(dir)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, "/ready", []string{"LIMITS_FILE=" + limits}, api)
	if err != nil {
		return nil, err
	}
	out, err := p.times(ctx, admin)
	if err == nil && patients == manyPatients {
		var token string
		if token, err = p.login(ctx, admin); err == nil {
			err = explain(ctx, limits, token)
		}
	}
	return out, errors.Join(err, p.stop())
}

// addresses are what is asked: the first page, whole names of people who are there, and what somebody has typed after three letters.
func addresses() map[string]func(n int) string {
	word := func(k int) string {
		return strings.Map(func(r rune) rune { return rune("abcdefghijklmnop"[hexOf(r)]) }, fmt.Sprintf("%05x", k))
	}
	letters := []string{"pop", "ion", "mar", "sta", "ung", "zam", "rus", "ana"}
	return map[string]func(n int) string{
		"list":    func(int) string { return "/v1/patients" },
		"name":    func(n int) string { return "/v1/patients?search=" + word(n*31%fewPatients) },
		"letters": func(n int) string { return "/v1/patients?search=" + letters[n%len(letters)] },
	}
}

func hexOf(r rune) int { return strings.IndexRune("0123456789abcdef", r) }

func (p *process) times(ctx context.Context, admin signIn) (map[string]sample, error) {
	token, err := p.login(ctx, admin)
	if err != nil {
		return nil, err
	}
	out := map[string]sample{}
	for name, address := range addresses() {
		for n := range searches + 20 {
			began := time.Now()
			if err := p.get(ctx, address(n), token); err != nil {
				return nil, err
			}
			if n >= 20 { // connections open, caches fill
				out[name] = append(out[name], time.Since(began))
			}
		}
		slices.Sort(out[name])
	}
	return out, nil
}

// explain runs the statements of one search again, in the same role and clinic, and keeps the plans of those that read patients.
func explain(ctx context.Context, limits, token string) error {
	statements, err := record(ctx, limits, "/v1/patients?search=popescu", token)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return errors.New("explain: the application's database address does not answer")
	}
	defer func() { _ = conn.Close(ctx) }() // what it did is rolled back
	text := "The search for \"popescu\" in a clinic of 100,000 patients, as the application's role with row-level security on.\n"
	if _, err := conn.Exec(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	for _, s := range statements {
		if s.Named != nil {
			s.Named["words"] = []string{"%popescu%"}
		}
		reads := strings.Contains(s.SQL, "FROM patient_org_profiles")
		if strings.HasPrefix(s.SQL, "BEGIN") || strings.EqualFold(s.SQL, "commit") || !reads && !strings.Contains(s.SQL, "set_config") {
			continue
		}
		if reads {
			s.SQL = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + s.SQL
		}
		args := s.Args
		if s.Named != nil {
			args = []any{pgx.NamedArgs(s.Named)}
		}
		rows, err := conn.Query(ctx, s.SQL, args...)
		if err != nil {
			return fmt.Errorf("explain: %w", err)
		}
		lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
			values, err := row.Values()
			return fmt.Sprint(values...), err
		})
		if err != nil {
			return fmt.Errorf("explain: %w", err)
		}
		if reads {
			text += "\n" + strings.Join(lines, "\n") + "\n"
		}
	}
	return os.WriteFile(explained, []byte(text), 0o600) //nolint:gosec // the path is a constant; what is written is the answer of the database
}
