package clinickey

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// ErrIntegrationNotFound answers for a service that the clinic has given no key of.
var ErrIntegrationNotFound = apperror.New(apperror.NotFound, "integration_not_found", "No key of this service is kept here.")

// Services are the outside services whose keys a clinic may leave with us.
func Services() []string { return []string{"payments", "sms", "smtp", "video", "crm"} }

// Integration is a kept key of another service, without the key.
type Integration struct {
	ID        ident.ID[Integration] `db:"id"`
	Service   string                `db:"service"`
	Last4     string                `db:"last4"`
	CreatedAt time.Time             `db:"created_at"`
	UpdatedAt time.Time             `db:"updated_at"`
}

func integrationPlace(org ident.OrgID, id ident.ID[Integration]) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "organization_integrations", Column: "api_key_encrypted", Row: id.String()}
}

// Integrations lists whose keys are kept.
func (s *Service) Integrations(ctx context.Context, org ident.OrgID, q page.Query) (page.Result[Integration], error) {
	return pageOf(ctx, s, org, q, integrations, page.Columns{
		ByName:  map[string]string{"service": "service", "created_at": "created_at", "updated_at": "updated_at"},
		Default: "service ASC", TieBreak: "id ASC",
	})
}

// KeepKey seals the key of another service, in place of an earlier one. The key itself is never answered again.
func (s *Service) KeepKey(ctx context.Context, org ident.OrgID, service, key string) (Integration, error) {
	if !slices.Contains(Services(), service) {
		return Integration{}, apperror.ErrInvalid.At("body.service", "expected one of "+strings.Join(Services(), ", "))
	}
	var out Integration
	err := s.Clinics.InClinic(ctx, org, func(tx *postgres.Tx) error {
		if err := lockService(ctx, tx, org, service); err != nil {
			return err
		}
		old, found, err := integrationByService(ctx, tx, org, service)
		if err != nil {
			return err
		}
		id, action, change := ident.New[Integration](), "create", audit.Change{nil, key}
		if found {
			id, action, change = old.ID, "update", audit.Change{old.Last4, key}
		}
		sealed, err := s.Ring.SealString(key, integrationPlace(org, id))
		if err != nil {
			return err
		}
		p, _ := auth.From(ctx)
		if out, err = upsertIntegration(ctx, tx, keptKey{id, org, service, sealed, last4(key), p.UserID}); err != nil {
			return err
		}
		// The trail masks by the name of the field, so neither the key nor its end is written.
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: action, EntityType: "organization_integration", EntityID: id.String(),
			Changes: map[string]audit.Change{"api_key": change, "service": {nil, service}},
		})
		return nil
	})
	return out, err
}

// ForgetKey deletes the key of a service.
func (s *Service) ForgetKey(ctx context.Context, org ident.OrgID, service string) error {
	return s.Clinics.InClinic(ctx, org, func(tx *postgres.Tx) error {
		old, found, err := integrationByService(ctx, tx, org, service)
		if err != nil {
			return err
		}
		if !found {
			return ErrIntegrationNotFound
		}
		if err := deleteIntegration(ctx, tx, org, old.ID); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "organization_integration", EntityID: old.ID.String(),
			Changes: map[string]audit.Change{"service": {old.Service, nil}},
		})
		return nil
	})
}

// last4 is what helps to tell two keys apart. Of a short key even that would be too much.
func last4(key string) string {
	runes := []rune(key)
	if len(runes) < 12 {
		return "****"
	}
	return string(runes[len(runes)-4:])
}

// SealedColumns are the columns that a rotation of keys writes anew.
func SealedColumns() []seal.Column {
	return []seal.Column{seal.OfClinic("organization_integrations", "api_key_encrypted", "key_version")}
}
