package signin

import (
	"context"
	"fmt"
	"net/url"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

// Handoff takes a device that is signed in at one clinic's host to another clinic's host.
type Handoff struct {
	Code Secret
	// URL is the address on the target host that redeems the code.
	URL Secret
}

// HandOff makes a code that only the named clinic's host may redeem, once, within 30 seconds.
func (s *Service) HandOff(ctx context.Context, org ident.OrgID, app auth.App) (Handoff, error) {
	p, err := mayChangeCredentials(ctx)
	if err != nil {
		return Handoff{}, err
	}
	code, made := proof.NewToken(), false
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"handoff_to": {nil, org.String()}})
		made, err = makeHandoff(ctx, tx, handoffMake{hash: proof.Hash(code), session: p.LoginSessionID, org: org, app: app, expires: tx.Now.Add(handoffLife)})
		return err
	})
	if err != nil {
		return Handoff{}, fmt.Errorf("hand over: %w", err)
	}
	if !made {
		return Handoff{}, ErrHandoffRefused
	}
	host, err := s.hostFor(ctx, app, org)
	if err != nil {
		return Handoff{}, fmt.Errorf("find host of handoff: %w", err)
	}
	u := url.URL{Scheme: s.Domains.Scheme, Host: host, Path: "/auth/handoff", RawQuery: url.Values{"code": {code.Reveal()}}.Encode()}
	return Handoff{Code: code, URL: Secret(u.String())}, nil
}

// Redeem gives the target host its own refresh token of the same device. org and app are what the redeeming host is.
func (s *Service) Redeem(ctx context.Context, code Secret, org ident.OrgID, app auth.App) (Tokens, error) {
	o := opened{refresh: proof.NewToken()}
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		r := handoffRedeem{hash: proof.Hash(code), org: org, app: app, tokenHash: proof.Hash(o.refresh), expires: tx.Now.Add(refreshLife)}
		if err := redeemHandoff(ctx, tx, r, &o); err != nil || o.session.IsZero() {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "login", EntityType: "login_session", EntityID: o.session.String()})
		return nil
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("redeem handoff: %w", err)
	}
	if o.session.IsZero() {
		return Tokens{}, apperror.ErrUnauthorized
	}
	return s.tokens(ctx, o)
}
