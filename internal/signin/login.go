package signin

import (
	"context"
	"fmt"
	"strings"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

// Methods of the second step.
const (
	MethodTOTP     = "totp"
	MethodRecovery = "recovery"
	MethodPasskey  = "passkey"
)

// Login is the outcome of a step: either Tokens, or a Ticket for the second step and the Methods that can take it.
type Login struct {
	Tokens  *Tokens
	Ticket  Secret
	Methods []string
}

// account is what a sign-in with an e-mail knows about one person; a zero ID means that there is none.
type account struct {
	ID            ident.UserID
	PasswordHash  string
	EmailVerified bool
	Blocked       bool
	TOTP          bool
	Passkeys      int
}

// ByPassword is the first step with a password.
type ByPassword struct {
	Email    string
	Password Secret
	App      auth.App
	// OrgID is the clinic of the page, for the link in a verification mail. Zero is none.
	OrgID ident.OrgID
}

// LogIn checks a password. Every refusal is ErrInvalidCredentials, after the same work; only the right password learns that
// the account is blocked.
func (s *Service) LogIn(ctx context.Context, in ByPassword) (Login, error) {
	try, err := s.begin(ctx, s.emailSubject(in.Email))
	if err != nil {
		return Login{}, err
	}
	var a account
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		a, err = readAccount(ctx, tx, in.Email)
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("sign in: %w", err)
	}
	// No connection is held while the hash is computed.
	right, err := s.hasher.Matches(ctx, in.Password, a.PasswordHash)
	if err != nil {
		return Login{}, fmt.Errorf("sign in: %w", err)
	}
	if !right {
		return Login{}, try.failed(ctx, "login_failed", a.ID)
	}
	try.passed(ctx)
	if a.Blocked {
		return Login{}, middleware.ErrUserBlocked
	}
	return s.afterFirstStep(ctx, a, []string{"pwd"}, in)
}

// afterFirstStep opens the device, or answers the ticket for the code app.
func (s *Service) afterFirstStep(ctx context.Context, a account, amr []string, in ByPassword) (Login, error) {
	if a.TOTP {
		return s.ticket(ctx, a, amr, in.App)
	}
	var o opened
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		if !a.EmailVerified {
			if err := s.requestMailTx(ctx, tx, mailRequest{email: in.Email, purpose: purposeVerify, app: in.App, org: in.OrgID}); err != nil {
				return err
			}
		}
		o, err = s.openTx(ctx, tx, a.ID, in.App, amr)
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("sign in: %w", err)
	}
	return s.login(ctx, o)
}

func (s *Service) login(ctx context.Context, o opened) (Login, error) {
	tokens, err := s.tokens(ctx, o)
	if err != nil {
		return Login{}, err
	}
	return Login{Tokens: &tokens}, nil
}

func (s *Service) ticket(ctx context.Context, a account, amr []string, app auth.App) (Login, error) {
	ticket := proof.NewToken()
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		s.record(ctx, tx, a.ID, "login", nil)
		return makeTicket(ctx, tx, ticketMake{hash: proof.Hash(ticket), user: a.ID, app: app, amr: amr, expires: tx.Now.Add(ticketLife)})
	})
	if err != nil {
		return Login{}, fmt.Errorf("make ticket: %w", err)
	}
	methods := []string{MethodTOTP, MethodRecovery}
	if a.Passkeys > 0 {
		methods = append(methods, MethodPasskey)
	}
	return Login{Ticket: ticket, Methods: methods}, nil
}

// SecondStep takes a six-digit code of the app or a recovery code. A ticket bears five tries; each code is good once.
func (s *Service) SecondStep(ctx context.Context, ticket Secret, code string) (Login, error) {
	code = strings.TrimSpace(code)
	var t ticketHolder
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		t, err = tryTicket(ctx, tx, proof.Hash(ticket))
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("read ticket: %w", err)
	}
	subject := "mfa:" + t.User.String()
	try, err := s.begin(ctx, subject)
	if err != nil {
		return Login{}, err
	}
	if t.User.IsZero() {
		return Login{}, try.failed(ctx, "mfa_failed", t.User)
	}
	if t.Blocked {
		return Login{}, middleware.ErrUserBlocked
	}
	var o opened
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		amr, err := s.spendSecondStep(ctx, tx, proof.Hash(ticket), t, code)
		if err != nil || amr == nil {
			return err
		}
		o, err = s.openTx(ctx, tx, t.User, t.App, amr)
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("second step: %w", err)
	}
	if o.session.IsZero() {
		return Login{}, try.failed(ctx, "mfa_failed", t.User)
	}
	try.passed(ctx)
	return s.login(ctx, o)
}

// spendSecondStep spends the code and the ticket together and answers the methods of the finished sign-in; nil when the code
// is not right.
func (s *Service) spendSecondStep(ctx context.Context, tx *postgres.Tx, ticket []byte, t ticketHolder, code string) ([]string, error) {
	if !isSixDigits(code) {
		spent, err := spendRecovery(ctx, tx, ticket, s.shortHash("recovery_code", t.User, proof.NormalRecoveryCode(code)))
		if err != nil || !spent {
			return nil, err
		}
		return append(t.AMR, "mfa"), nil
	}
	if t.Secret.Cipher == nil {
		return nil, nil
	}
	secret, err := s.Ring.Open(t.Secret, totpPlace(t.User))
	if err != nil {
		return nil, fmt.Errorf("open code secret: %w", err)
	}
	step, right, err := proof.TOTPStep(secret, code, tx.Now, t.LastStep)
	if err != nil || !right {
		return nil, err
	}
	spent, err := spendTOTP(ctx, tx, ticket, step)
	if err != nil || !spent {
		return nil, err
	}
	return append(t.AMR, "otp", "mfa"), nil
}

func isSixDigits(code string) bool {
	if len(code) != 6 {
		return false
	}
	return strings.IndexFunc(code, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
