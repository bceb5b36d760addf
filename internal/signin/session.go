package signin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

// Tokens are what a device holds while it is signed in.
type Tokens struct {
	Access, Refresh Secret
	// ExpiresIn is the life of Access.
	ExpiresIn time.Duration
	UserID    ident.UserID
}

// opened is a device that a transaction has just opened or renewed; its access token is signed after the commit, so that no
// connection waits for it.
type opened struct {
	user    ident.UserID
	session SessionID
	amr     []string
	refresh Secret
}

// openTx opens a device for a person whose proofs the caller has checked.
func (s *Service) openTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, app auth.App, amr []string) (opened, error) {
	o := opened{user: user, session: ident.New[auth.LoginSession](), amr: normalAMR(amr), refresh: proof.NewToken()}
	request := auth.RequestOf(ctx)
	newDevice, err := startSession(ctx, tx, sessionStart{
		id: o.session, user: user, issuer: s.Issuer.Name(), app: app, amr: o.amr, agent: proof.AgentFamily(request.UserAgent),
		ip: request.IP, tokenHash: proof.Hash(o.refresh), expires: tx.Now.Add(refreshLife),
	})
	if err != nil {
		return opened{}, err
	}
	s.record(ctx, tx, user, "login", map[string]audit.Change{
		"login_session": {nil, o.session.String()}, "amr": {nil, o.amr}, "app": {nil, string(app)},
	})
	if newDevice {
		return o, s.noticeTx(ctx, tx, user, o.session, NoticeNewDevice)
	}
	return o, nil
}

// tokens signs the access token of a device.
func (s *Service) tokens(ctx context.Context, o opened) (Tokens, error) {
	access, err := s.Issuer.AccessToken(ctx, o.user, o.session, o.amr)
	if err != nil {
		return Tokens{}, err
	}
	return Tokens{Access: access, Refresh: o.refresh, ExpiresIn: issuer.AccessLife, UserID: o.user}, nil
}

// normalAMR is a sorted list without doubles, never nil.
func normalAMR(amr []string) []string {
	out := append([]string{}, amr...)
	slices.Sort(out)
	return slices.Compact(out)
}

// Refresh replaces a refresh token and signs a new access token. The second use of a token ends the device: single flight is
// the caller's duty, because a grace period would be a thief's as well.
func (s *Service) Refresh(ctx context.Context, token Secret) (Tokens, error) {
	o := opened{refresh: proof.NewToken()}
	var state string
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		state, err = refreshSession(ctx, tx, proof.Hash(token), auth.RequestOf(ctx).IP, tx.Now.Add(refreshLife), &o)
		if err != nil {
			return err
		}
		return s.recordRefresh(ctx, tx, state, o)
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("refresh: %w", err)
	}
	switch state {
	case "ok":
		return s.tokens(ctx, o)
	case "blocked":
		return Tokens{}, middleware.ErrUserBlocked
	}
	return Tokens{}, apperror.ErrUnauthorized
}

func (s *Service) recordRefresh(ctx context.Context, tx *postgres.Tx, state string, o opened) error {
	entry := audit.Entry{Action: "update", EntityType: "login_session", EntityID: o.session.String()}
	switch state {
	case "ok":
		s.Trail.RecordTx(ctx, tx, entry)
	case "reused":
		entry.Result, entry.Reason = "denied", "refresh_reuse"
		s.Trail.RecordTx(ctx, tx, entry)
		return audit.SecurityTx(ctx, tx, "refresh_reuse", "medium", subjectOf(o.user))
	}
	return nil
}

// LogOut ends the device of a refresh token. A token that is unknown or already ended is no error: there is nothing left to do.
func (s *Service) LogOut(ctx context.Context, token Secret) error {
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		user, session, err := signOut(ctx, tx, proof.Hash(token))
		if err != nil || session.IsZero() {
			return err
		}
		s.record(ctx, tx, user, "update", map[string]audit.Change{"login_session": {session.String(), nil}})
		return nil
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Device is one login session as its owner sees it.
type Device struct {
	ID                    SessionID
	App                   auth.App
	Agent, IP             string
	CreatedAt, LastUsedAt time.Time
	Current               bool
}

// Devices lists what the person of the context is signed in on, most recently used first.
func (s *Service) Devices(ctx context.Context) ([]Device, error) {
	p, err := mayChangeCredentials(ctx)
	if err != nil {
		return nil, err
	}
	var list []Device
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		list, err = listSessions(ctx, tx, tx.Now)
		return err
	})
	for i := range list {
		list[i].Current = list[i].ID == p.LoginSessionID
	}
	return list, err
}

// EndDevice signs one device of the context's person out.
func (s *Service) EndDevice(ctx context.Context, id SessionID) error {
	ended, err := s.endMine(ctx, id, SessionID{}, "signed_out_elsewhere")
	if err == nil && ended == 0 {
		return ErrSessionNotFound
	}
	return err
}

// EndOthers signs every device of the context's person out but the one that asks.
func (s *Service) EndOthers(ctx context.Context) error {
	p, _ := auth.From(ctx)
	_, err := s.endMine(ctx, SessionID{}, p.LoginSessionID, "signed_out_elsewhere")
	return err
}

// EndAll signs every device of the context's person out.
func (s *Service) EndAll(ctx context.Context) error {
	_, err := s.endMine(ctx, SessionID{}, SessionID{}, "signed_out")
	return err
}

func (s *Service) endMine(ctx context.Context, id, keep SessionID, reason string) (int, error) {
	p, err := mayChangeCredentials(ctx)
	if err != nil {
		return 0, err
	}
	var ended []SessionID
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		if ended, err = endMySessions(ctx, tx, id, keep, reason); err != nil {
			return err
		}
		for _, session := range ended {
			s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"login_session": {session.String(), nil}})
		}
		return nil
	})
	return len(ended), err
}

// EndSessionsTx signs every device of a person out in the owner's transaction of a block. Access tokens of those devices are
// refused at their next request.
func (s *Service) EndSessionsTx(ctx context.Context, tx *postgres.Tx, user ident.UserID) error {
	return endSessions(ctx, tx, user, "blocked")
}
