package coreapi

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/signin"
)

// SignIn is one demo account as it is printed and kept in the demo file.
type SignIn struct {
	Role     string   `json:"role"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Password string   `json:"password"`
	TOTP     string   `json:"totp,omitempty"`
	Clinics  []string `json:"clinics"`
}

// demoClinic is a clinic of the demo. firstDay fills it with specialists, services and hours.
type demoClinic struct {
	slug, name, tagline, primary, accent, phone, email, street, locality string
	firstDay                                                             bool
}

func demoClinics() []demoClinic {
	return []demoClinic{
		{
			"armonia", "Clinica Armonia", "Recuperare medicală și kinetoterapie", "#2f6b70", "#a8552f",
			"+40 21 555 0110", "contact@armonia.test", "Strada Florilor 12", "București", true,
		},
		{
			"nord", "Centrul Nord", "Fizioterapie sportivă", "#3d5a98", "#8a5a1f",
			"+40 264 555 0120", "contact@nord.test", "Strada Fabricii 3", "Cluj-Napoca", false,
		},
	}
}

// demoPeople has one account for each role; the admin works in both clinics, so that the switcher has something to show.
func demoPeople() []SignIn {
	return []SignIn{
		{Role: string(auth.Superadmin), Name: "Operator Platformă", Email: "operator@demo.test"},
		{Role: string(auth.Admin), Name: "Irina Popa", Email: "admin@demo.test", Clinics: []string{"armonia", "nord"}},
		{Role: string(auth.Specialist), Name: "Marry Joe", Email: "specialist@demo.test", Clinics: []string{"armonia"}},
		{Role: string(auth.CustomerSupport), Name: "Dana Ionescu", Email: "receptie@demo.test", Clinics: []string{"armonia"}},
		{Role: string(auth.Patient), Name: "Lia Georgescu", Email: "pacient@demo.test", Clinics: []string{"armonia"}},
	}
}

// Seed makes the demo clinics and one account for each role, and keeps the sign-ins in file, readable by its owner only. Run
// again it makes nothing and answers the same sign-ins.
func (a *App) Seed(ctx context.Context, file string) ([]SignIn, error) {
	if a.cfg.Env == "production" {
		return nil, errors.New("demo data has no place in production")
	}
	if a.cfg.AuthDriver != "builtin" {
		return nil, errors.New("demo accounts need the built-in sign-in")
	}
	ctx = auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorSystem, Role: auth.Superadmin})
	_, err := a.organizations.BySlug(ctx, demoClinics()[0].slug)
	if err == nil {
		return readDemo(file)
	}
	if !errors.Is(err, organization.ErrNotFound) {
		return nil, err
	}
	people, err := a.seedPeople(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.seedClinics(ctx, people); err != nil {
		return nil, err
	}
	out := make([]SignIn, len(people))
	for i, p := range people {
		out[i] = p.SignIn
	}
	return out, writeDemo(file, out)
}

// seeded is a demo account with its id.
type seeded struct {
	SignIn
	user ident.UserID
}

func (a *App) seedPeople(ctx context.Context) ([]seeded, error) {
	var out []seeded
	for _, p := range demoPeople() {
		p.Password = randomText(15)
		account := signin.NewAccount{Email: p.Email, Name: p.Name, Locale: "ro", Password: proof.Secret(p.Password)}
		if p.Role == string(auth.Superadmin) {
			p.TOTP = strings.ToUpper(randomText(20))
			account.TOTPSecret = proof.Secret(p.TOTP)
		}
		user, err := a.signins.AddAccount(ctx, account)
		if err != nil {
			return nil, fmt.Errorf("demo account %s: %w", p.Role, err)
		}
		if p.Role == string(auth.Superadmin) {
			if err := a.people.MakeSuperadmin(ctx, user); err != nil {
				return nil, err
			}
		}
		out = append(out, seeded{p, user})
	}
	return out, nil
}

func (a *App) seedClinics(ctx context.Context, people []seeded) error {
	for _, c := range demoClinics() {
		o, err := a.organizations.Create(ctx, organization.NewOrganization{
			Slug: c.slug, Name: c.name, LanguageCode: "ro", Timezone: "Europe/Bucharest", AdminEmail: "admin@demo.test",
		})
		if err != nil {
			return fmt.Errorf("demo clinic %s: %w", c.slug, err)
		}
		o, err = a.organizations.Update(ctx, o.ID, o.RowVersion, func(o *organization.Organization) {
			o.Tagline, o.ColorPrimary, o.ColorAccent = &c.tagline, &c.primary, &c.accent
			o.Phone, o.Email, o.AddressLine, o.Locality = &c.phone, &c.email, &c.street, &c.locality
		})
		if err != nil {
			return fmt.Errorf("demo clinic %s: %w", c.slug, err)
		}
		for _, p := range people {
			if !slices.Contains(p.Clinics, c.slug) {
				continue
			}
			if err := a.people.Enrol(ctx, o.ID, p.user, auth.Role(p.Role)); err != nil {
				return err
			}
		}
		if c.firstDay {
			if err := a.seedCatalog(ctx, o, people); err != nil {
				return fmt.Errorf("demo clinic %s: %w", c.slug, err)
			}
		}
	}
	return nil
}

// randomText has n bytes of randomness in letters and digits that are hard to confuse.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // documented never to fail
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func readDemo(file string) ([]SignIn, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read demo sign-ins: %w", err)
	}
	var out []SignIn
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("read demo sign-ins: %w", err)
	}
	return out, nil
}

func writeDemo(file string, all []SignIn) error {
	b, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write demo sign-ins: %w", err)
	}
	if err := os.WriteFile(file, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write demo sign-ins: %w", err)
	}
	return nil
}
