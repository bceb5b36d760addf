package signin

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// NewAccount is an account that the operator makes: a demo person or the first superadmin.
type NewAccount struct {
	Email, Name string
	// Locale is ro, en or empty.
	Locale   string
	Password Secret
	// TOTPSecret is base32 as a code app shows it; empty sets no code app up.
	TOTPSecret Secret
}

// AddAccount makes the person, or gives an existing one of that address the new credentials. The address counts as verified.
// It needs a principal in the context and runs as the owner; it is for the operator's command, never for a request.
func (s *Service) AddAccount(ctx context.Context, in NewAccount) (ident.UserID, error) {
	var user ident.UserID
	if err := s.checkPassword(in.Password, in.Email); err != nil {
		return user, err
	}
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return user, err
	}
	err = s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) (err error) {
		if user, err = makeAccount(ctx, tx, s.Issuer.Name(), in, hash); err != nil {
			return err
		}
		s.record(ctx, tx, user, "create", map[string]audit.Change{"password": {nil, "new"}})
		if in.TOTPSecret == "" {
			return nil
		}
		return s.storeTOTP(ctx, tx, user, in.TOTPSecret)
	})
	if err != nil {
		return ident.UserID{}, fmt.Errorf("add account: %w", err)
	}
	return user, nil
}

func (s *Service) storeTOTP(ctx context.Context, tx *postgres.Tx, user ident.UserID, text Secret) error {
	clean := strings.TrimRight(strings.ToUpper(strings.ReplaceAll(text.Reveal(), " ", "")), "=")
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(clean)
	if err != nil || len(secret) < 10 {
		return fmt.Errorf("the code app's secret is not base32 of at least 80 bits")
	}
	sealed, err := s.Ring.Seal(secret, totpPlace(user))
	if err != nil {
		return fmt.Errorf("seal code secret: %w", err)
	}
	return writeTOTP(ctx, tx, user, sealed)
}
