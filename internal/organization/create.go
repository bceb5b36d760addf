package organization

import (
	"context"
	"strings"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/postgres"
)

// NewOrganization is what a superadmin asks for.
type NewOrganization struct {
	Slug, Name, LanguageCode, Timezone, AdminEmail string
}

func (n *NewOrganization) check() error {
	n.Name, n.AdminEmail = strings.TrimSpace(n.Name), strings.TrimSpace(n.AdminEmail)
	if !isSlug(n.Slug) {
		return ErrSlugInvalid.At("body.slug", "expected 3 to 63 lower-case letters, digits and hyphens, and no reserved word")
	}
	var e *apperror.Error
	if n.Name == "" || len([]rune(n.Name)) > 200 {
		e = at(e, "name", "has 1 to 200 characters")
	}
	if !isLanguage(n.LanguageCode) {
		e = at(e, "language_code", "expected a language of ISO 639-1")
	}
	if !isZone(n.Timezone) {
		e = at(e, "timezone", "expected a time zone of the IANA database")
	}
	if !isEmail(n.AdminEmail) {
		e = at(e, "admin_email", "expected an e-mail address")
	}
	if e != nil {
		return e
	}
	return nil
}

// Create makes a clinic with everything it starts with, in one transaction: the clinic and its settings, version 1 of the
// policies in both languages, the first row of its audit chain, and the invitation of its first admin. Anything that fails leaves nothing.
func (s *Service) Create(ctx context.Context, n NewOrganization) (Organization, error) {
	if err := n.check(); err != nil {
		return Organization{}, err
	}
	id := ident.New[ident.Organization]()
	var created Organization
	// The transaction belongs to the platform, so that a repeated Idempotency-Key finds the first answer; what belongs to the new
	// clinic, its audit row first of all, is written in the clinic's context.
	err := s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		o := Organization{ID: id, Slug: n.Slug, Name: n.Name, LanguageCode: n.LanguageCode, Timezone: n.Timezone}
		if err := insert(ctx, tx, o); err != nil {
			return err
		}
		clinic := tx.Principal
		clinic.OrgID = id
		if err := tx.InContextOf(ctx, clinic, func() error { return s.equip(ctx, tx, o, n.AdminEmail) }); err != nil {
			return err
		}
		var err error
		created, err = byID(ctx, tx, id)
		return err
	})
	if err != nil {
		return Organization{}, err
	}
	s.drop(ctx, s.Redis.Key("org", "slug", n.Slug))
	return created, nil
}

// equip writes the genesis of the chain first: whatever the invitation records comes after it.
func (s *Service) equip(ctx context.Context, tx *postgres.Tx, o Organization, adminEmail string) error {
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "organization", EntityID: o.ID.String(),
		Changes: map[string]audit.Change{
			"slug": {nil, o.Slug}, "name": {nil, o.Name}, "language_code": {nil, o.LanguageCode}, "timezone": {nil, o.Timezone},
		},
	})
	policies, err := defaultPolicies(o)
	if err != nil {
		return err
	}
	if err := insertPolicies(ctx, tx, o.ID, policies); err != nil {
		return err
	}
	language, _ := locale.Parse(o.LanguageCode)
	if err := s.Inviter.InviteTx(ctx, tx, o.ID, adminEmail, auth.Admin, string(language)); err != nil {
		return err
	}
	for _, starter := range s.Starters {
		if err := starter.StartTx(ctx, tx, language); err != nil {
			return err
		}
	}
	return nil
}
