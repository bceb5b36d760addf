package signin_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/signin"
)

// authenticator is a passkey in software: one P-256 key with a counter, as a browser would answer for it.
type authenticator struct {
	key     *ecdsa.PrivateKey
	id      []byte
	handle  []byte
	counter uint32
	// verified is the user-verification flag; a real one sets it after a fingerprint or PIN.
	verified bool
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &authenticator{key: key, id: id, verified: true}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) clientData(t *testing.T, kind, challenge, origin string) []byte {
	t.Helper()
	out, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	must(t, err)
	return out
}

// data is the authenticator data: hash of the relying party, flags, counter.
func (a *authenticator) data(rpID string, attested []byte) []byte {
	hash := sha256.Sum256([]byte(rpID))
	flags := byte(0x01)
	if a.verified {
		flags |= 0x04
	}
	if attested != nil {
		flags |= 0x40
	}
	out := append(hash[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.counter)
	return append(out, attested...)
}

// options reads what the browser is given.
func options(t *testing.T, c signin.Ceremony) (challenge, rpID, user string) {
	t.Helper()
	var o struct {
		PublicKey struct {
			Challenge string              `json:"challenge"`
			RPID      string              `json:"rpId"`
			RP        struct{ ID string } `json:"rp"`
			User      struct{ ID string } `json:"user"`
		} `json:"publicKey"`
	}
	must(t, json.Unmarshal(c.Options, &o))
	if o.PublicKey.RPID == "" {
		o.PublicKey.RPID = o.PublicKey.RP.ID
	}
	return o.PublicKey.Challenge, o.PublicKey.RPID, o.PublicKey.User.ID
}

// create answers navigator.credentials.create.
func (a *authenticator) create(t *testing.T, c signin.Ceremony, origin string) json.RawMessage {
	t.Helper()
	challenge, rpID, user := options(t, c)
	handle, err := base64.RawURLEncoding.DecodeString(user)
	must(t, err)
	a.handle = handle
	point, err := a.key.PublicKey.Bytes()
	must(t, err)
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	must(t, err)
	attested := make([]byte, 16, 256)
	attested = binary.BigEndian.AppendUint16(attested, uint16(len(a.id)))
	attested = append(append(attested, a.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(rpID, attested)})
	must(t, err)
	out, err := json.Marshal(map[string]any{
		"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{
			"clientDataJSON": b64(a.clientData(t, "webauthn.create", challenge, origin)), "attestationObject": b64(object),
		},
	})
	must(t, err)
	return out
}

// get answers navigator.credentials.get.
func (a *authenticator) get(t *testing.T, c signin.Ceremony, origin string) json.RawMessage {
	t.Helper()
	challenge, rpID, _ := options(t, c)
	a.counter++
	data, client := a.data(rpID, nil), a.clientData(t, "webauthn.get", challenge, origin)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	must(t, err)
	out, err := json.Marshal(map[string]any{
		"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{
			"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.handle),
		},
	})
	must(t, err)
	return out
}

const homeOrigin = "http://home.clinic.localhost:9100"

// register adds a passkey of ana's on the clinic app.
func (w *world) register(t *testing.T, a *authenticator) context.Context {
	t.Helper()
	ctx := from(t, "10.0.0.1")
	me := w.person(t, ctx, w.login(t, ctx, "ana@x.ro"))
	c, err := w.BeginRegister(me, auth.Clinic, "")
	must(t, err)
	p, err := w.FinishRegister(me, c.ID, a.create(t, c, homeOrigin), "")
	must(t, err)
	if p.RPID != "clinic.localhost" || p.Name != "Firefox on Linux" {
		t.Errorf("passkey %+v", p)
	}
	return me
}

func (w *world) passkeyLogin(t *testing.T, a *authenticator, origin string) (signin.Login, error) {
	t.Helper()
	ctx := from(t, "10.0.0.1")
	c, err := w.BeginPasskeyLogin(ctx, auth.Clinic, "")
	must(t, err)
	return w.FinishPasskeyLogin(ctx, c.ID, a.get(t, c, origin))
}

func TestPasskey_signsInAtEveryClinicOfThePlatform(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	a := newAuthenticator(t)
	w.register(t, a)
	for _, origin := range []string{homeOrigin, "http://other.clinic.localhost:9100"} {
		l, err := w.passkeyLogin(t, a, origin)
		must(t, err)
		id, err := w.verifier.Verify(t.Context(), l.Tokens.Access.Reveal())
		must(t, err)
		if !equal(id.AMR, "hwk", "mfa", "user") {
			t.Errorf("amr %v", id.AMR)
		}
	}
	if n := one[int](t, w, "SELECT count(*) FROM webauthn_credentials WHERE last_used_at IS NOT NULL AND record_encrypted NOT LIKE '%publicKey%'::bytea"); n != 1 {
		t.Error("the record is not sealed, or its use was not written")
	}
}

func TestPasskey_refusesForeignOriginsReplaysAndCopies(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	a := newAuthenticator(t)
	w.register(t, a)
	for _, origin := range []string{
		"https://home.clinic.localhost:9100", "http://home.clinic.localhost", "http://clinic.localhost.evil.test:9100",
		"http://evilclinic.localhost:9100", "http://home.portal.localhost:9200", "null", "",
	} {
		_, err := w.passkeyLogin(t, a, origin)
		is(t, err, signin.ErrInvalidCredentials)
	}

	ctx := from(t, "10.0.0.7")
	c, err := w.BeginPasskeyLogin(ctx, auth.Clinic, "")
	must(t, err)
	answer := a.get(t, c, homeOrigin)
	_, err = w.FinishPasskeyLogin(ctx, c.ID, answer)
	must(t, err)
	_, err = w.FinishPasskeyLogin(ctx, c.ID, answer)
	is(t, err, signin.ErrInvalidCredentials)

	c, err = w.BeginPasskeyLogin(ctx, auth.Clinic, "")
	must(t, err)
	late := a.get(t, c, homeOrigin)
	w.clock.advance(5 * time.Minute)
	_, err = w.FinishPasskeyLogin(ctx, c.ID, late)
	is(t, err, signin.ErrInvalidCredentials)

	a.counter = 0 // a copy that has not seen the later uses
	_, err = w.passkeyLogin(t, a, homeOrigin)
	is(t, err, signin.ErrInvalidCredentials)
	a.counter, a.verified = 100, false
	_, err = w.passkeyLogin(t, a, homeOrigin)
	is(t, err, signin.ErrInvalidCredentials)
	stranger := newAuthenticator(t)
	stranger.handle = a.handle
	_, err = w.passkeyLogin(t, stranger, homeOrigin)
	is(t, err, signin.ErrInvalidCredentials)
}

func TestPasskey_registrationIsOnesOwn(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	w.account(t, "bob@x.ro")
	a := newAuthenticator(t)
	me := w.register(t, a)
	ctx := from(t, "10.0.0.1")

	// The account has a passkey now: a device that has not shown it adds no other.
	weak := w.person(t, ctx, w.login(t, ctx, "ana@x.ro"))
	_, err := w.BeginRegister(weak, auth.Clinic, "")
	is(t, err, middleware.ErrMFARequired)

	bob := w.person(t, ctx, w.login(t, ctx, "bob@x.ro"))
	c, err := w.BeginRegister(bob, auth.Clinic, "")
	must(t, err)
	l, err := w.passkeyLogin(t, a, homeOrigin)
	must(t, err)
	strong := w.person(t, ctx, *l.Tokens)
	_, err = w.FinishRegister(strong, c.ID, newAuthenticator(t).create(t, c, homeOrigin), "")
	is(t, err, signin.ErrPasskeyRefused)

	list, err := w.Passkeys(me)
	must(t, err)
	if len(list) != 1 {
		t.Fatalf("%d passkeys", len(list))
	}
	is(t, w.RemovePasskey(bob, list[0].ID), signin.ErrPasskeyNotFound)
	is(t, w.RemovePasskey(strong, ident.New[signin.Passkey]()), signin.ErrPasskeyNotFound)
	must(t, w.RemovePasskey(strong, list[0].ID))
	_, err = w.passkeyLogin(t, a, homeOrigin)
	is(t, err, signin.ErrInvalidCredentials)
}

func TestPasskey_relyingPartyFollowsTheHost(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	org := w.clinic(t, "clinica")
	execute(t, w, `INSERT INTO organization_domains (id, organization_id, domain, app, verification_token, status, verified_at, claim_expires_at)
		VALUES (gen_random_uuid(), $1, 'clinica.ro', 'clinic', repeat('0', 32), 'verified', now(), now())`, org)
	ctx := from(t, "10.0.0.1")
	for _, c := range []struct {
		app  auth.App
		host string
		want string
	}{
		{auth.Clinic, "", "clinic.localhost"},
		{auth.Portal, "", "portal.localhost"},
		{auth.Console, "", "console.localhost"},
		{auth.Clinic, "home.portal.localhost:9200", "portal.localhost"},
		{auth.Clinic, "clinica.ro", "clinica.ro"},
	} {
		begun, err := w.BeginPasskeyLogin(ctx, c.app, c.host)
		must(t, err)
		if _, rpID, _ := options(t, begun); rpID != c.want {
			t.Errorf("%s at %q: relying party %s, want %s", c.app, c.host, rpID, c.want)
		}
	}
	_, err := w.BeginPasskeyLogin(ctx, auth.Clinic, "evil.test")
	is(t, err, middleware.ErrOrganizationNotFound)
}
