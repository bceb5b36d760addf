package signin_test

import (
	"testing"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/signin"
)

// Verifies AUTH-11: a built-in sign-in ends in a token that the verifier accepts and that names the person, the device and
// how it was done, in an identity row of the issuer.
func TestLogIn_tokenNamesPersonAndDevice(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	tokens := w.login(t, from(t, "10.0.0.1"), "  ANA@x.ro ")

	id, err := w.verifier.Verify(t.Context(), tokens.Access.Reveal())
	must(t, err)
	if id.Subject != user.String() || id.Issuer != issuerName || len(id.AMR) != 1 || id.AMR[0] != "pwd" {
		t.Fatalf("token says subject %s issuer %s amr %v", id.Subject, id.Issuer, id.AMR)
	}
	if got := id.ExpiresAt.Sub(w.clock.now()); got != 10*time.Minute {
		t.Errorf("access token lives %s", got)
	}
	if n := one[int](t, w, "SELECT count(*) FROM user_identities WHERE user_id = $1 AND issuer = $2 AND subject = $1::text", user, issuerName); n != 1 {
		t.Errorf("%d identities", n)
	}
	if n := one[int](t, w, "SELECT count(*) FROM audit_log WHERE action = 'login' AND entity_id = $1", user.String()); n != 1 {
		t.Errorf("%d audit rows of the sign-in", n)
	}
}

func TestLogIn_refusesEveryWrongProofAlike(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")

	_, wrong := w.LogIn(ctx, signin.ByPassword{Email: "ana@x.ro", Password: "not the password"})
	_, unknown := w.LogIn(ctx, signin.ByPassword{Email: "nobody@x.ro", Password: password})
	is(t, wrong, signin.ErrInvalidCredentials)
	is(t, unknown, signin.ErrInvalidCredentials)

	known := one[int](t, w, "SELECT count(*) FROM security_events WHERE kind = 'login_failed' AND subject = $1", "user:"+user.String())
	hashed := one[int](t, w, "SELECT count(*) FROM security_events WHERE kind = 'login_failed' AND subject LIKE 'email:%'")
	if known != 1 || hashed != 1 {
		t.Errorf("events: %d of the person, %d of the unknown address", known, hashed)
	}
	for _, table := range []string{"security_events", "audit_log"} {
		if n := one[int](t, w, "SELECT count(*) FROM "+table+" x WHERE x::text ILIKE '%nobody@x.ro%' OR x::text ILIKE '%ana@x.ro%'"); n != 0 {
			t.Errorf("%d rows of %s hold an address in clear", n, table)
		}
	}

	execute(t, w, "UPDATE users SET blocked_at = now() WHERE id = $1", user)
	_, err := w.LogIn(ctx, signin.ByPassword{Email: "ana@x.ro", Password: "not the password"})
	is(t, err, signin.ErrInvalidCredentials)
	_, err = w.LogIn(ctx, signin.ByPassword{Email: "ana@x.ro", Password: password})
	is(t, err, middleware.ErrUserBlocked)
}

func TestLogIn_throttlesAccountAndAddress(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	for range 5 {
		_, err := w.LogIn(from(t, "10.0.0.1"), signin.ByPassword{Email: "ana@x.ro", Password: "wrong"})
		is(t, err, signin.ErrInvalidCredentials)
	}
	// The right password from elsewhere meets the account's limit too, or guessing would only need more addresses.
	_, err := w.LogIn(from(t, "10.0.0.2"), signin.ByPassword{Email: "Ana@X.ro", Password: password})
	is(t, err, apperror.ErrRateLimited)
	if wait := retryAfter(t, err); wait < 1 || wait > 180 {
		t.Errorf("retry after %d s", wait)
	}
	if n := one[int](t, w, "SELECT count(*) FROM security_events WHERE kind = 'login_throttled'"); n != 1 {
		t.Errorf("%d login_throttled events", n)
	}
	w.clock.advance(15 * time.Minute)
	w.login(t, from(t, "10.0.0.1"), "ana@x.ro")

	for i := range 20 {
		_, err := w.LogIn(from(t, "10.9.0.1"), signin.ByPassword{Email: string(rune('a'+i)) + "@y.ro", Password: "wrong"})
		is(t, err, signin.ErrInvalidCredentials)
	}
	_, err = w.LogIn(from(t, "10.9.0.1"), signin.ByPassword{Email: "ana@x.ro", Password: password})
	is(t, err, apperror.ErrRateLimited)
}

func TestLogIn_successesCostNothing(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	for range 7 {
		w.login(t, from(t, "10.0.0.1"), "ana@x.ro")
	}
}

// Verifies AUTH-14: the two times of RFC 6238 give 287082 and 081804, each accepted once.
func TestSecondStep_acceptsEachCodeOnce(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.clock.set(time.Unix(59, 0).UTC())
	user := w.accountWithTOTP(t, "ana@x.ro")
	for _, c := range []struct {
		at   int64
		code string
	}{{59, "287082"}, {1111111109, "081804"}} {
		w.clock.set(time.Unix(c.at, 0).UTC())
		l, err := w.SecondStep(from(t, "10.0.0.1"), w.ticket(t), c.code)
		must(t, err)
		id, err := w.verifier.Verify(t.Context(), l.Tokens.Access.Reveal())
		must(t, err)
		if !equal(id.AMR, "mfa", "otp", "pwd") {
			t.Errorf("amr %v", id.AMR)
		}
		_, err = w.SecondStep(from(t, "10.0.0.1"), w.ticket(t), c.code)
		is(t, err, signin.ErrInvalidCredentials)
	}
	if n := one[int](t, w, "SELECT count(*) FROM security_events WHERE kind = 'mfa_failed' AND subject = $1", "user:"+user.String()); n == 0 {
		t.Error("no security event of the refused reuse")
	}
}

func TestSecondStep_ticketBearsFiveTriesAndOneUse(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.accountWithTOTP(t, "ana@x.ro")
	w.clock.set(time.Unix(1111111109, 0).UTC())
	ticket := w.ticket(t)
	for range 5 {
		_, err := w.SecondStep(from(t, "10.0.0.1"), ticket, "000000")
		is(t, err, signin.ErrInvalidCredentials)
	}
	_, err := w.SecondStep(from(t, "10.0.0.1"), ticket, "081804")
	is(t, err, signin.ErrInvalidCredentials)

	other := newWorld(t)
	other.accountWithTOTP(t, "ana@x.ro")
	other.clock.set(time.Unix(1111111109, 0).UTC())
	late := other.ticket(t)
	other.clock.advance(5*time.Minute + time.Second)
	_, err = other.SecondStep(from(t, "10.0.0.1"), late, "081804")
	is(t, err, signin.ErrInvalidCredentials)
	_, err = other.SecondStep(from(t, "10.0.0.1"), "nonsense", "081804")
	is(t, err, signin.ErrInvalidCredentials)
}

func (w *world) ticket(t *testing.T) signin.Secret {
	t.Helper()
	l, err := w.LogIn(from(t, "10.0.0.1"), signin.ByPassword{Email: "ana@x.ro", Password: password, App: auth.Clinic})
	must(t, err)
	if l.Tokens != nil || !equal(l.Methods, "totp", "recovery") {
		t.Fatalf("no second step was asked for: %v", l.Methods)
	}
	return l.Ticket
}

func TestCredentials_recoveryCodesAreGoodOnce(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	first := w.login(t, ctx, "ana@x.ro")
	me := w.person(t, ctx, first)
	enrolment, err := w.EnrolTOTP(me)
	must(t, err)
	_, err = w.ActivateTOTP(me, "000000")
	is(t, err, signin.ErrInvalidCredentials)
	codes, err := w.ActivateTOTP(me, codeOf(t, enrolment.Secret.Reveal(), w.clock.now()))
	must(t, err)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}

	// The device that set it up has both factors from its next refresh, without a new sign-in.
	second, err := w.Refresh(ctx, first.Refresh)
	must(t, err)
	id, err := w.verifier.Verify(ctx, second.Access.Reveal())
	must(t, err)
	if !equal(id.AMR, "mfa", "otp", "pwd") {
		t.Errorf("amr after activation %v", id.AMR)
	}

	l, err := w.SecondStep(ctx, w.ticket(t), codes[3].Reveal())
	must(t, err)
	if l.Tokens == nil {
		t.Fatal("a recovery code did not finish the sign-in")
	}
	_, err = w.SecondStep(ctx, w.ticket(t), codes[3].Reveal())
	is(t, err, signin.ErrInvalidCredentials)

	// A device with the first factor alone cannot remove the second.
	is(t, w.DisableTOTP(me, password), middleware.ErrMFARequired)
	strong := w.person(t, ctx, *l.Tokens)
	is(t, w.DisableTOTP(strong, "wrong password"), signin.ErrInvalidCredentials)
	must(t, w.DisableTOTP(strong, password))
	w.login(t, ctx, "ana@x.ro")
}

func TestCredentials_neverChangedWhileActingAsPatient(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	me := w.person(t, ctx, w.login(t, ctx, "ana@x.ro"))
	p, _ := auth.From(me)
	p.ImpersonationID = ident.New[auth.Impersonation]()
	acting := auth.WithPrincipal(me, p)

	is(t, w.ChangePassword(acting, password, "another long password"), apperror.ErrForbidden)
	_, err := w.EnrolTOTP(acting)
	is(t, err, apperror.ErrForbidden)
	_, err = w.BeginRegister(acting, auth.Clinic, "")
	is(t, err, apperror.ErrForbidden)
	_, err = w.Devices(acting)
	is(t, err, apperror.ErrForbidden)
	is(t, w.EndAll(acting), apperror.ErrForbidden)
	_, err = w.HandOff(acting, ident.New[ident.Organization](), auth.Clinic)
	is(t, err, apperror.ErrForbidden)
}

func TestChangePassword_endsOtherDevices(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	other, mine := w.login(t, ctx, "ana@x.ro"), w.login(t, ctx, "ana@x.ro")
	me := w.person(t, ctx, mine)
	for _, weak := range []signin.Secret{"short", "Qwertyuiop", "ana@x.ro", "1234567890"} {
		is(t, w.ChangePassword(me, password, weak), signin.ErrPasswordWeak)
	}
	is(t, w.ChangePassword(me, "wrong", "another long password"), signin.ErrInvalidCredentials)
	must(t, w.ChangePassword(me, password, "another long password"))

	_, err := w.Refresh(ctx, other.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	_, err = w.Refresh(ctx, mine.Refresh)
	must(t, err)
	_, err = w.LogIn(ctx, signin.ByPassword{Email: "ana@x.ro", Password: password})
	is(t, err, signin.ErrInvalidCredentials)
	w.runJobs(t)
	if m := w.inbox.last(t, "security_notice"); m.Notice != signin.NoticePasswordChanged || m.To != "ana@x.ro" {
		t.Errorf("notice %s", m.Notice)
	}
	if n := one[int](t, w, "SELECT count(*) FROM audit_log WHERE changes::text LIKE '%password%' AND changes::text LIKE '%masked%'"); n == 0 {
		t.Error("no masked audit row of the change")
	}
}

// The factors that GET /v1/me shows come from the person's own transaction.
func TestFactorsTx_tellsWhatIsSetUp(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.accountWithTOTP(t, "ana@x.ro")
	me := auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.ActorUser, UserID: user, Role: auth.Patient})
	must(t, w.db.InPersonTx(me, func(tx *postgres.Tx) error {
		f, err := w.FactorsTx(t.Context(), tx)
		if !f.TOTP || f.Passkeys != 0 || f.RecoveryCodesLeft != 0 {
			t.Errorf("factors %+v", f)
		}
		return err
	}))
}
