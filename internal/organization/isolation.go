package organization

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Report is what the catalog of the running database says about the walls between clinics.
type Report struct {
	At     time.Time
	Tables []TableReport
	// Findings is empty when the walls stand; otherwise "<table>: <problem>", in order.
	Findings []string
}

// TableReport is one table of the schema.
type TableReport struct {
	Table string `db:"table_name"`
	// Class is how the table is reached: see classOf.
	Class string `db:"-"`
	// Reason excuses a table without organization_id that the application may read.
	Reason string `db:"-"`
	// Tenant tells that the table has organization_id; PlatformRows that it may be NULL there.
	Tenant       bool `db:"tenant"`
	PlatformRows bool `db:"platform_rows"`
	RLSEnabled   bool `db:"rls_enabled"`
	RLSForced    bool `db:"rls_forced"`
	// Policies counts permissive policies of the application role per command: SELECT, INSERT, UPDATE, DELETE.
	Policies map[string]int `db:"policies"`
	// Grants are the commands that the application role may use, on the table or on some of its columns.
	Grants []string `db:"grants"`
	// CompositeKeys and LooseKeys are foreign keys to tenant tables with and without organization_id.
	CompositeKeys []string `db:"composite_keys"`
	LooseKeys     []string `db:"loose_keys"`
	// LeadingIndexes begin with organization_id; LooseUniques are unique indexes that do not contain it.
	LeadingIndexes []string `db:"leading_indexes"`
	LooseUniques   []string `db:"loose_uniques"`
	// OpenPolicies name no role of ours, or are true for everybody.
	OpenPolicies []string `db:"open_policies"`
	// Readers are the role values that the SELECT policies speak of.
	Readers  []string `db:"readers"`
	Problems []string `db:"-"`
}

// excusedTables are the tables without organization_id that the application role may touch, each with its reason.
func excusedTables() map[string]string {
	return map[string]string{
		"users":           "a person may belong to several clinics; policies show the own row and, to admins, the people of the clinic",
		"user_identities": "belongs to a person, not to a clinic; only the own rows are visible",
		"login_sessions":  "belongs to a person, not to a clinic; only the own sessions are visible",
		"organizations":   "the clinic itself: its key is the clinic's id",
		"patients":        "the portable person; only the own row is visible, the staff reads through patient_profiles",
	}
}

// excusedUniques are the declared globals of product/01 §4: unique over the platform on purpose.
func excusedUniques() map[string]string {
	return map[string]string{
		"organization_domains_verified": "a verified domain has one clinic",
		"staff_invitations_token":       "hash of a random token: it cannot be met by chance",
		"patient_invitations_token":     "hash of a random token: it cannot be met by chance",
		"access_keys_prefix_key":        "a key is looked up by its prefix before its clinic is known",
	}
}

// Isolation reads the catalog and judges it. It needs a transaction that may read the catalog, nothing else; tests run it on
// databases with planted faults.
func Isolation(ctx context.Context, tx *postgres.Tx) (Report, error) {
	tables, err := catalog(ctx, tx)
	if err != nil {
		return Report{}, err
	}
	r := Report{At: tx.Now, Tables: tables, Findings: []string{}}
	for i := range r.Tables {
		t := &r.Tables[i]
		t.Class, t.Reason = classOf(*t), excusedTables()[t.Table]
		t.Problems = problemsOf(*t)
		for _, p := range t.Problems {
			r.Findings = append(r.Findings, t.Table+": "+p)
		}
	}
	slices.SortFunc(r.Tables, func(a, b TableReport) int { return cmp.Compare(a.Table, b.Table) })
	slices.Sort(r.Findings)
	return r, nil
}

// IsolationReport is Isolation for the Console.
func (s *Service) IsolationReport(ctx context.Context) (Report, error) {
	var r Report
	err := s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		var err error
		r, err = Isolation(ctx, tx)
		return err
	})
	return r, err
}

// classOf follows from what the catalog holds, so a new table cannot be filed under a class that it does not keep.
func classOf(t TableReport) string {
	switch {
	case len(t.Grants) == 0:
		return "system"
	case !t.Tenant:
		return "platform"
	case slices.Contains(t.Readers, "anonymous"):
		return "published_catalogue"
	case slices.Contains(t.Readers, "patient"):
		return "clinical"
	}
	return "clinic_config"
}

func problemsOf(t TableReport) []string {
	out := []string{}
	note := func(bad bool, problem string) {
		if bad {
			out = append(out, problem)
		}
	}
	// The migrator's own table exists before any policy and the application has no right on it.
	if t.Table == "schema_migrations" && len(t.Grants) == 0 {
		return out
	}
	note(!t.RLSEnabled, "row-level security is off")
	note(t.RLSEnabled && !t.RLSForced, "row-level security is not forced")
	for _, command := range t.Grants {
		switch command {
		case "SELECT", "INSERT", "UPDATE", "DELETE":
			note(t.Policies[command] == 0, command+" is granted and has no policy")
		default:
			note(true, command+" is granted")
		}
	}
	note(!t.Tenant && len(t.Grants) > 0 && excusedTables()[t.Table] == "", "has no organization_id and no declared reason")
	note(t.Tenant && t.PlatformRows && slices.Contains(t.Grants, "INSERT"), "organization_id may be NULL where the application inserts")
	note(t.Tenant && len(t.Grants) > 0 && len(t.LeadingIndexes) == 0, "no index begins with organization_id")
	for _, key := range t.LooseKeys {
		note(true, "foreign key "+key+" does not contain organization_id")
	}
	for _, index := range t.LooseUniques {
		note(len(t.Grants) > 0 && excusedUniques()[index] == "", "unique index "+index+" does not contain organization_id")
	}
	for _, policy := range t.OpenPolicies {
		note(true, "policy "+policy+" does not tie rows to a role of the context")
	}
	return out
}
