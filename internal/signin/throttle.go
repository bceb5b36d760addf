package signin

import (
	"context"
	"math"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/ratelimit"
)

// attempt is one try to prove something, counted before the proof is looked at, so that parallel tries cannot slip through
// together, and given back when it was right.
type attempt struct {
	s       *Service
	subject string
	buckets []ratelimit.Bucket
}

// begin takes from the account's and the address's allowance: five failures and twenty in fifteen minutes. subject must say
// nothing about a person.
func (s *Service) begin(ctx context.Context, subject string) (*attempt, error) {
	a := &attempt{s: s, subject: subject, buckets: []ratelimit.Bucket{
		{Name: ratelimit.LoginAccount, Subject: subject},
		{Name: ratelimit.LoginIP, Subject: ratelimit.ByIP(auth.RequestOf(ctx).IP)},
	}}
	decision := s.Limiter.AllowAll(ctx, a.buckets...)
	if decision.Allowed {
		return a, nil
	}
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		return audit.SecurityTx(ctx, tx, "login_throttled", "medium", subject)
	})
	if err != nil {
		return nil, err
	}
	return nil, throttled(decision)
}

func throttled(d ratelimit.Decision) error {
	return apperror.ErrRateLimited.With("retry_after", max(1, int(math.Ceil(d.RetryAfter.Seconds()))))
}

// passed gives the try back.
func (a *attempt) passed(ctx context.Context) { a.s.Limiter.GiveBack(ctx, a.buckets...) }

// failed writes what happened and answers the one refusal. user is zero when nobody is known; the rows written are the same,
// so that time tells nothing either.
func (a *attempt) failed(ctx context.Context, kind string, user ident.UserID) error {
	subject := a.subject
	if !user.IsZero() {
		subject = subjectOf(user)
	}
	err := a.s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		a.s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "login", Result: "denied", EntityType: "user", EntityID: subject, Reason: kind})
		return audit.SecurityTx(ctx, tx, kind, "low", subject)
	})
	if err != nil {
		return err
	}
	return ErrInvalidCredentials
}
