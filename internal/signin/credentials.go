package signin

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/seal"
)

// credentials is what the context's person has set up.
type credentials struct {
	Email, Name, PasswordHash string
	Secret                    seal.Value
	Confirmed                 bool
	LastStep                  *int64
	RecoveryCodesLeft         int
	Passkeys                  int
}

// Factors is what GET /v1/me says about the second factors of its person.
type Factors struct {
	TOTP              bool
	Passkeys          int
	RecoveryCodesLeft int
}

// FactorsTx reads the factors of the person of the transaction.
func (s *Service) FactorsTx(ctx context.Context, tx *postgres.Tx) (Factors, error) {
	c, err := readCredentials(ctx, tx)
	return Factors{TOTP: c.Confirmed, Passkeys: c.Passkeys, RecoveryCodesLeft: c.RecoveryCodesLeft}, err
}

func passwordChange() map[string]audit.Change {
	return map[string]audit.Change{"password": {"old", "new"}}
}

func emailVerified() map[string]audit.Change {
	return map[string]audit.Change{"email_verified": {false, true}}
}

// mine reads the credentials of the context's person, who must not be somebody acting as a patient.
func (s *Service) mine(ctx context.Context) (auth.Principal, credentials, error) {
	p, err := mayChangeCredentials(ctx)
	if err != nil {
		return p, credentials{}, err
	}
	var c credentials
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		c, err = readCredentials(ctx, tx)
		return err
	})
	if err != nil {
		return p, c, fmt.Errorf("read credentials: %w", err)
	}
	return p, c, nil
}

// strong refuses a device that has not shown the second factor which the account has: a stolen first factor must not be able
// to add or remove one.
func strong(p auth.Principal, c credentials) error {
	if (c.Confirmed || c.Passkeys > 0) && !p.MFA {
		return middleware.ErrMFARequired.With("enrolment_path", "/account/security")
	}
	return nil
}

// confirmPassword asks for the password again, under the same throttle as a sign-in.
func (s *Service) confirmPassword(ctx context.Context, p auth.Principal, c credentials, password Secret) error {
	try, err := s.begin(ctx, s.emailSubject(c.Email))
	if err != nil {
		return err
	}
	right, err := s.hasher.Matches(ctx, password, c.PasswordHash)
	if err != nil {
		return err
	}
	if !right {
		return try.failed(ctx, "login_failed", p.UserID)
	}
	try.passed(ctx)
	return nil
}

// ChangePassword replaces the password of the context's person and signs the other devices out.
func (s *Service) ChangePassword(ctx context.Context, current, password Secret) error {
	p, c, err := s.mine(ctx)
	if err != nil {
		return err
	}
	if err := s.checkPassword(password, c.Email); err != nil {
		return err
	}
	if err := s.confirmPassword(ctx, p, c, current); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) error {
		s.record(ctx, tx, p.UserID, "update", passwordChange())
		if err := changeMyPassword(ctx, tx, hash, p.LoginSessionID); err != nil {
			return err
		}
		return s.noticeTx(ctx, tx, p.UserID, p.LoginSessionID, NoticePasswordChanged)
	})
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return nil
}

// Enrolment is the secret of a code app, shown once.
type Enrolment struct{ Secret, URL Secret }

// EnrolTOTP makes a new secret. It counts only after ActivateTOTP has seen a code of it.
func (s *Service) EnrolTOTP(ctx context.Context) (Enrolment, error) {
	p, c, err := s.mine(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	if c.Confirmed {
		return Enrolment{}, ErrTOTPExists
	}
	if err := strong(p, c); err != nil {
		return Enrolment{}, err
	}
	secret := proof.NewTOTPSecret()
	sealed, err := s.Ring.Seal(secret, totpPlace(p.UserID))
	if err != nil {
		return Enrolment{}, fmt.Errorf("seal code secret: %w", err)
	}
	begun := false
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"code_app_pending": {nil, true}})
		begun, err = beginTOTP(ctx, tx, sealed)
		return err
	})
	if err != nil {
		return Enrolment{}, fmt.Errorf("begin code app: %w", err)
	}
	if !begun {
		return Enrolment{}, ErrTOTPExists
	}
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	return Enrolment{Secret: Secret(text), URL: proof.TOTPURL(text, c.Email)}, nil
}

// ActivateTOTP confirms the secret by its first code and answers ten recovery codes, which are never shown again. The device
// that did it counts as signed in with two factors from its next refresh.
func (s *Service) ActivateTOTP(ctx context.Context, code string) ([]Secret, error) {
	p, c, err := s.mine(ctx)
	if err != nil {
		return nil, err
	}
	if c.Confirmed {
		return nil, ErrTOTPExists
	}
	if c.Secret.Cipher == nil {
		return nil, ErrTOTPNotBegun
	}
	if err := strong(p, c); err != nil {
		return nil, err
	}
	try, err := s.begin(ctx, "mfa:"+p.UserID.String())
	if err != nil {
		return nil, err
	}
	secret, err := s.Ring.Open(c.Secret, totpPlace(p.UserID))
	if err != nil {
		return nil, fmt.Errorf("open code secret: %w", err)
	}
	step, right, err := proof.TOTPStep(secret, strings.TrimSpace(code), s.DB.Now(), nil)
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, try.failed(ctx, "mfa_failed", p.UserID)
	}
	try.passed(ctx)
	return s.confirmTOTP(ctx, p, step)
}

const recoveryCodes = 10

func (s *Service) confirmTOTP(ctx context.Context, p auth.Principal, step int64) ([]Secret, error) {
	codes := make([]Secret, recoveryCodes)
	hashes := make([][]byte, recoveryCodes)
	for i := range codes {
		codes[i] = proof.NewRecoveryCode()
		hashes[i] = s.shortHash("recovery_code", p.UserID, proof.NormalRecoveryCode(codes[i].Reveal()))
	}
	activated := false
	err := s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		activated, err = activateTOTP(ctx, tx, step, hashes, p.LoginSessionID)
		if err != nil || !activated {
			return err
		}
		s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"code_app": {false, true}})
		return s.noticeTx(ctx, tx, p.UserID, p.LoginSessionID, NoticeFactorAdded)
	})
	if err != nil {
		return nil, fmt.Errorf("activate code app: %w", err)
	}
	if !activated {
		return nil, ErrTOTPNotBegun
	}
	return codes, nil
}

// DisableTOTP removes the code app and its recovery codes after the password was given again.
func (s *Service) DisableTOTP(ctx context.Context, password Secret) error {
	p, c, err := s.mine(ctx)
	if err != nil {
		return err
	}
	if err := strong(p, c); err != nil {
		return err
	}
	if err := s.confirmPassword(ctx, p, c, password); err != nil {
		return err
	}
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) error {
		disabled, err := disableTOTP(ctx, tx)
		if err != nil || !disabled {
			return err
		}
		s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"code_app": {true, false}})
		return s.noticeTx(ctx, tx, p.UserID, p.LoginSessionID, NoticeFactorRemoved)
	})
	if err != nil {
		return fmt.Errorf("disable code app: %w", err)
	}
	return nil
}
