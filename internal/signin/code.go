package signin

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

// ByCode is the first step with a code that came by mail.
type ByCode struct {
	Email, Code string
	App         auth.App
}

// VerifyCode checks a mailed code, which proves the address, so open invitations to it become memberships here.
func (s *Service) VerifyCode(ctx context.Context, in ByCode) (Login, error) {
	try, err := s.begin(ctx, s.emailSubject(in.Email))
	if err != nil {
		return Login{}, err
	}
	var (
		a     account
		found codeProof
	)
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		if a, err = readAccount(ctx, tx, in.Email); err != nil {
			return err
		}
		if found, err = checkCode(ctx, tx, in.Email, s.shortHash(purposeSignIn, a.ID, in.Code)); err != nil || found.User.IsZero() {
			return err
		}
		return s.joinedTx(ctx, tx, found.User, found.Joined)
	})
	if err != nil {
		return Login{}, fmt.Errorf("check code: %w", err)
	}
	if found.User.IsZero() || a.Blocked {
		return Login{}, try.failed(ctx, "login_failed", a.ID)
	}
	try.passed(ctx)
	a.EmailVerified = true
	return s.afterFirstStep(ctx, a, []string{"email"}, ByPassword{Email: in.Email, App: in.App})
}

// codeProof is a mailed secret that fitted; a zero User means that none did.
type codeProof struct {
	User   ident.UserID
	Joined []Joined
}

// joinedTx passes memberships on to whoever writes their history.
func (s *Service) joinedTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, joined []Joined) error {
	if len(joined) == 0 {
		return nil
	}
	return s.Members.JoinedTx(ctx, tx, user, joined)
}

// ResetPassword spends the link of a mail, sets the password and signs every device out.
func (s *Service) ResetPassword(ctx context.Context, token, password Secret) error {
	if err := s.checkPassword(password, ""); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	var found codeProof
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		if found, err = resetPassword(ctx, tx, proof.Hash(token), hash); err != nil || found.User.IsZero() {
			return err
		}
		s.record(ctx, tx, found.User, "update", passwordChange())
		if err := s.noticeTx(ctx, tx, found.User, SessionID{}, NoticePasswordChanged); err != nil {
			return err
		}
		return s.joinedTx(ctx, tx, found.User, found.Joined)
	})
	if err != nil {
		return fmt.Errorf("reset password: %w", err)
	}
	if found.User.IsZero() {
		return ErrLinkUsed
	}
	return nil
}

// VerifyEmail spends the link that proves an address.
func (s *Service) VerifyEmail(ctx context.Context, token Secret) error {
	var found codeProof
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		if found, err = verifyEmail(ctx, tx, proof.Hash(token)); err != nil || found.User.IsZero() {
			return err
		}
		s.record(ctx, tx, found.User, "update", emailVerified())
		return s.joinedTx(ctx, tx, found.User, found.Joined)
	})
	if err != nil {
		return fmt.Errorf("verify e-mail: %w", err)
	}
	if found.User.IsZero() {
		return ErrLinkUsed
	}
	return nil
}
