package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/seal"
)

// Passkey is one registered passkey as its owner sees it.
type Passkey struct {
	ID         ident.ID[Passkey]
	Name       string
	RPID       string
	CreatedAt  time.Time
	LastUsedAt *time.Time
	credential []byte
}

// Ceremony is the start of a passkey ceremony: what the browser is given and the id that the finish names.
type Ceremony struct {
	ID      ident.ID[Ceremony]
	Options json.RawMessage
}

// passkeyAMR: a key of the device, unlocked by its owner, is possession and something else at once.
func passkeyAMR() []string { return []string{"hwk", "mfa", "user"} }

// passkeyUser is what the library wants to know about a person.
type passkeyUser struct {
	id          ident.UserID
	email, name string
	credentials []webauthn.Credential
}

func (u passkeyUser) WebAuthnID() []byte                         { id := u.id.UUID(); return id[:] }
func (u passkeyUser) WebAuthnName() string                       { return u.email }
func (u passkeyUser) WebAuthnDisplayName() string                { return u.name }
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

func passkeyPlace(id ident.ID[Passkey]) seal.AAD {
	return seal.AAD{Org: platform(), Table: "webauthn_credentials", Column: "record_encrypted", Row: id.String()}
}

// BeginRegister starts to add a passkey for the context's person at the relying party of the page.
func (s *Service) BeginRegister(ctx context.Context, app auth.App, host string) (Ceremony, error) {
	p, c, err := s.mine(ctx)
	if err != nil {
		return Ceremony{}, err
	}
	if err := strong(p, c); err != nil {
		return Ceremony{}, err
	}
	rpID, err := s.relyingParty(ctx, app, host)
	if err != nil {
		return Ceremony{}, err
	}
	known, err := s.Passkeys(ctx)
	if err != nil {
		return Ceremony{}, err
	}
	w, err := ceremonyFor(rpID, s.Domains.Scheme+"://"+rpID)
	if err != nil {
		return Ceremony{}, fmt.Errorf("prepare passkey: %w", err)
	}
	user := passkeyUser{id: p.UserID, email: c.Email, name: c.Name}
	creation, session, err := w.BeginRegistration(user, webauthn.WithExclusions(exclusions(known, rpID)))
	if err != nil {
		return Ceremony{}, fmt.Errorf("begin passkey: %w", err)
	}
	return s.keepCeremony(ctx, s.DB.InPersonTx, ceremonyBegin{app: app, rpID: rpID, options: creation, state: session})
}

func exclusions(known []Passkey, rpID string) []protocol.CredentialDescriptor {
	var out []protocol.CredentialDescriptor
	for _, k := range known {
		if k.RPID == rpID {
			out = append(out, protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: k.credential})
		}
	}
	return out
}

// ceremonyBegin is a started ceremony before it is kept.
type ceremonyBegin struct {
	id      ident.ID[Ceremony]
	app     auth.App
	rpID    string
	options any
	state   *webauthn.SessionData
}

// inTx is one of the In… methods of postgres.DB.
type inTx func(context.Context, func(*postgres.Tx) error) error

func (s *Service) keepCeremony(ctx context.Context, in inTx, b ceremonyBegin) (Ceremony, error) {
	b.id = ident.New[Ceremony]()
	options, err := json.Marshal(b.options)
	if err != nil {
		return Ceremony{}, fmt.Errorf("encode ceremony: %w", err)
	}
	err = in(ctx, func(tx *postgres.Tx) error {
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "webauthn_ceremony", EntityID: b.id.String()})
		return beginCeremony(ctx, tx, b, tx.Now.Add(ceremonyLife))
	})
	if err != nil {
		return Ceremony{}, fmt.Errorf("keep ceremony: %w", err)
	}
	return Ceremony{ID: b.id, Options: options}, nil
}

// takenCeremony is a ceremony that was taken out to be finished; it cannot be finished again.
type takenCeremony struct {
	App   auth.App
	RPID  string
	State webauthn.SessionData
}

func (s *Service) takeCeremony(ctx context.Context, in inTx, id ident.ID[Ceremony]) (takenCeremony, bool, error) {
	var (
		taken takenCeremony
		found bool
	)
	err := in(ctx, func(tx *postgres.Tx) (err error) {
		taken, found, err = readCeremony(ctx, tx, id)
		return err
	})
	return taken, found, err
}

// FinishRegister checks what the browser made and keeps the passkey. The device counts as signed in with two factors from its
// next refresh.
func (s *Service) FinishRegister(ctx context.Context, id ident.ID[Ceremony], response json.RawMessage, name string) (Passkey, error) {
	p, c, err := s.mine(ctx)
	if err != nil {
		return Passkey{}, err
	}
	if err := strong(p, c); err != nil {
		return Passkey{}, err
	}
	taken, found, err := s.takeCeremony(ctx, s.DB.InPersonTx, id)
	if err != nil {
		return Passkey{}, fmt.Errorf("take ceremony: %w", err)
	}
	if !found {
		return Passkey{}, ErrPasskeyRefused
	}
	credential, ok := s.checkRegistration(passkeyUser{id: p.UserID, email: c.Email, name: c.Name}, taken, response)
	if !ok {
		return Passkey{}, ErrPasskeyRefused
	}
	if name = strings.TrimSpace(name); name == "" {
		name = proof.AgentFamily(auth.RequestOf(ctx).UserAgent)
	}
	return s.keepPasskey(ctx, p, Passkey{ID: ident.New[Passkey](), Name: name, RPID: taken.RPID, credential: credential.ID}, credential)
}

// checkRegistration answers false for everything that does not hold; what exactly is the browser's business, not the caller's.
func (s *Service) checkRegistration(user passkeyUser, taken takenCeremony, response json.RawMessage) (*webauthn.Credential, bool) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, false
	}
	origin := s.originFor(taken.RPID, originOf(parsed.Raw.AttestationResponse.ClientDataJSON))
	w, err := ceremonyFor(taken.RPID, origin)
	if origin == "" || err != nil {
		return nil, false
	}
	credential, err := w.CreateCredential(user, taken.State, parsed)
	return credential, err == nil
}

func (s *Service) keepPasskey(ctx context.Context, p auth.Principal, k Passkey, credential *webauthn.Credential) (Passkey, error) {
	sealed, err := s.sealCredential(k.ID, credential)
	if err != nil {
		return Passkey{}, err
	}
	added := false
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		k.CreatedAt = tx.Now
		if added, err = addPasskey(ctx, tx, k, sealed, p.LoginSessionID); err != nil || !added {
			return err
		}
		s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"passkey": {nil, k.ID.String()}})
		return s.noticeTx(ctx, tx, p.UserID, p.LoginSessionID, NoticeFactorAdded)
	})
	if err != nil {
		return Passkey{}, fmt.Errorf("keep passkey: %w", err)
	}
	if !added {
		return Passkey{}, ErrPasskeyRefused
	}
	return k, nil
}

func (s *Service) sealCredential(id ident.ID[Passkey], credential *webauthn.Credential) (seal.Value, error) {
	record, err := json.Marshal(credential)
	if err != nil {
		return seal.Value{}, fmt.Errorf("encode passkey: %w", err)
	}
	sealed, err := s.Ring.Seal(record, passkeyPlace(id))
	if err != nil {
		return seal.Value{}, fmt.Errorf("seal passkey: %w", err)
	}
	return sealed, nil
}

// Passkeys lists those of the context's person.
func (s *Service) Passkeys(ctx context.Context) ([]Passkey, error) {
	if _, err := mayChangeCredentials(ctx); err != nil {
		return nil, err
	}
	var list []Passkey
	err := s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		list, err = listPasskeys(ctx, tx)
		return err
	})
	return list, err
}

// RemovePasskey removes one of the context's person.
func (s *Service) RemovePasskey(ctx context.Context, id ident.ID[Passkey]) error {
	p, c, err := s.mine(ctx)
	if err != nil {
		return err
	}
	if err := strong(p, c); err != nil {
		return err
	}
	removed := false
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		if removed, err = removePasskey(ctx, tx, id); err != nil || !removed {
			return err
		}
		s.record(ctx, tx, p.UserID, "update", map[string]audit.Change{"passkey": {id.String(), nil}})
		return s.noticeTx(ctx, tx, p.UserID, p.LoginSessionID, NoticeFactorRemoved)
	})
	if err != nil {
		return fmt.Errorf("remove passkey: %w", err)
	}
	if !removed {
		return ErrPasskeyNotFound
	}
	return nil
}

// BeginPasskeyLogin starts a sign-in in which the passkey itself says who it is.
func (s *Service) BeginPasskeyLogin(ctx context.Context, app auth.App, host string) (Ceremony, error) {
	rpID, err := s.relyingParty(ctx, app, host)
	if err != nil {
		return Ceremony{}, err
	}
	w, err := ceremonyFor(rpID, s.Domains.Scheme+"://"+rpID)
	if err != nil {
		return Ceremony{}, fmt.Errorf("prepare passkey: %w", err)
	}
	assertion, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Ceremony{}, fmt.Errorf("begin passkey: %w", err)
	}
	return s.keepCeremony(ctx, s.DB.InSigninTx, ceremonyBegin{app: app, rpID: rpID, options: assertion, state: session})
}

// storedPasskey is the row that an assertion names; a zero ID means that there is none.
type storedPasskey struct {
	ID      ident.ID[Passkey]
	User    ident.UserID
	Blocked bool
	Record  seal.Value
}

// FinishPasskeyLogin checks the assertion. A passkey whose counter went back was copied, and is refused.
func (s *Service) FinishPasskeyLogin(ctx context.Context, id ident.ID[Ceremony], response json.RawMessage) (Login, error) {
	try, err := s.begin(ctx, "ceremony:"+id.String())
	if err != nil {
		return Login{}, err
	}
	taken, found, err := s.takeCeremony(ctx, s.DB.InSigninTx, id)
	if err != nil {
		return Login{}, fmt.Errorf("take ceremony: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if !found || err != nil {
		return Login{}, try.failed(ctx, "login_failed", ident.UserID{})
	}
	var stored storedPasskey
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		stored, err = findPasskey(ctx, tx, taken.RPID, parsed.RawID)
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("find passkey: %w", err)
	}
	credential, err := s.checkAssertion(stored, taken, parsed)
	if errors.Is(err, errAssertion) {
		return Login{}, try.failed(ctx, "login_failed", stored.User)
	}
	if err != nil {
		return Login{}, err
	}
	try.passed(ctx)
	if stored.Blocked {
		return Login{}, middleware.ErrUserBlocked
	}
	return s.passkeyLogin(ctx, stored, taken.App, credential)
}

func (s *Service) passkeyLogin(ctx context.Context, stored storedPasskey, app auth.App, credential *webauthn.Credential) (Login, error) {
	sealed, err := s.sealCredential(stored.ID, credential)
	if err != nil {
		return Login{}, err
	}
	var o opened
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		if err := usedPasskey(ctx, tx, stored.ID, sealed); err != nil {
			return err
		}
		o, err = s.openTx(ctx, tx, stored.User, app, passkeyAMR())
		return err
	})
	if err != nil {
		return Login{}, fmt.Errorf("sign in with passkey: %w", err)
	}
	return s.login(ctx, o)
}

// errAssertion means that an assertion does not hold.
var errAssertion = errors.New("assertion refused")

func (s *Service) checkAssertion(stored storedPasskey, taken takenCeremony, parsed *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error) {
	origin := s.originFor(taken.RPID, originOf(parsed.Raw.AssertionResponse.ClientDataJSON))
	if stored.ID.IsZero() || origin == "" {
		return nil, errAssertion
	}
	record, err := s.Ring.Open(stored.Record, passkeyPlace(stored.ID))
	if err != nil {
		return nil, fmt.Errorf("open passkey: %w", err)
	}
	var known webauthn.Credential
	if err := json.Unmarshal(record, &known); err != nil {
		return nil, errors.New("a stored passkey does not parse")
	}
	w, err := ceremonyFor(taken.RPID, origin)
	if err != nil {
		return nil, errAssertion
	}
	user := passkeyUser{id: stored.User, credentials: []webauthn.Credential{known}}
	find := func(_, handle []byte) (webauthn.User, error) {
		if u, err := uuid.FromBytes(handle); err != nil || u != stored.User.UUID() {
			return nil, errAssertion
		}
		return user, nil
	}
	_, credential, err := w.ValidatePasskeyLogin(find, taken.State, parsed)
	if err != nil || credential.Authenticator.CloneWarning {
		return nil, errAssertion
	}
	return credential, nil
}
