package signin_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/signin"
)

func TestCode_signsInOnceWithinTenMinutes(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	must(t, w.RequestCode(ctx, "Ana@x.ro", auth.Clinic, ident.OrgID{}))
	args := strings.Join(w.runJobs(t), " ")
	first := w.inbox.last(t, "sign_in_code").Code
	if len(first) != 6 || strings.Contains(args, first.Reveal()) || strings.Contains(args, "@") {
		t.Errorf("the queue held more than ids: %s", args)
	}
	if n := one[int](t, w, "SELECT count(*) FROM email_codes c WHERE c::text LIKE '%' || $1 || '%'", first.Reveal()); n != 0 {
		t.Error("the code is stored in clear")
	}

	// A newer code replaces the older.
	must(t, w.RequestCode(ctx, "ana@x.ro", auth.Clinic, ident.OrgID{}))
	w.clock.advance(time.Second)
	w.runJobs(t)
	code := w.inbox.last(t, "sign_in_code").Code
	l, err := w.VerifyCode(ctx, signin.ByCode{Email: "ana@x.ro", Code: code.Reveal(), App: auth.Clinic})
	must(t, err)
	id, err := w.verifier.Verify(ctx, l.Tokens.Access.Reveal())
	must(t, err)
	// A code that came by mail is one factor; it must never be taken for the one-time code of a second.
	if !equal(id.AMR, "email") {
		t.Errorf("amr %v", id.AMR)
	}
	_, err = w.VerifyCode(ctx, signin.ByCode{Email: "ana@x.ro", Code: code.Reveal()})
	is(t, err, signin.ErrInvalidCredentials)

	must(t, w.RequestCode(ctx, "ana@x.ro", auth.Clinic, ident.OrgID{}))
	w.runJobs(t)
	w.clock.advance(10 * time.Minute)
	_, err = w.VerifyCode(ctx, signin.ByCode{Email: "ana@x.ro", Code: w.inbox.last(t, "sign_in_code").Code.Reveal()})
	is(t, err, signin.ErrInvalidCredentials)
}

func TestCode_diesAfterFiveTries(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	must(t, w.RequestCode(from(t, "10.0.0.1"), "ana@x.ro", auth.Clinic, ident.OrgID{}))
	w.runJobs(t)
	code := w.inbox.last(t, "sign_in_code").Code.Reveal()
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range 5 {
		_, err := w.VerifyCode(from(t, "10.0.0.1"), signin.ByCode{Email: "ana@x.ro", Code: wrong})
		is(t, err, signin.ErrInvalidCredentials)
	}
	// The account's throttle is passed by time; the code's own count is not.
	execute(t, w, "UPDATE email_codes SET expires_at = expires_at + interval '1 hour'")
	w.clock.advance(16 * time.Minute)
	_, err := w.VerifyCode(from(t, "10.0.0.1"), signin.ByCode{Email: "ana@x.ro", Code: code})
	is(t, err, signin.ErrInvalidCredentials)
}

func TestRequestMail_unknownAddressLooksTheSame(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	for _, email := range []string{"ana@x.ro", "nobody@x.ro"} {
		must(t, w.RequestReset(ctx, email, auth.Clinic, ident.OrgID{}))
	}
	if rows, jobs := one[int](t, w, "SELECT count(*) FROM email_codes"), len(w.runJobs(t)); rows != 2 || jobs != 2 {
		t.Errorf("%d rows and %d jobs of two requests", rows, jobs)
	}
	if len(w.inbox.mail) != 1 {
		t.Errorf("%d mails", len(w.inbox.mail))
	}
	for range 4 {
		must(t, w.RequestReset(ctx, "nobody@x.ro", auth.Clinic, ident.OrgID{}))
	}
	is(t, w.RequestReset(ctx, "nobody@x.ro", auth.Clinic, ident.OrgID{}), apperror.ErrRateLimited)
}

// tokenOf reads the secret of a link and checks where it leads.
func tokenOf(t *testing.T, link signin.Secret, host string) signin.Secret {
	t.Helper()
	u, err := url.Parse(link.Reveal())
	must(t, err)
	if u.Host != host {
		t.Errorf("link leads to %s, want %s", u.Host, host)
	}
	return signin.Secret(u.Query().Get("token"))
}

func TestReset_setsPasswordOnceAndSignsOut(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	mine, foreign := w.clinic(t, "mine"), w.clinic(t, "foreign")
	w.member(t, mine, user, auth.Admin)
	execute(t, w, "UPDATE users SET current_organization_id = $1", mine)
	ctx := from(t, "10.0.0.1")
	tokens := w.login(t, ctx, "ana@x.ro")

	// The request names a clinic that the person does not belong to: the link must not lead there.
	must(t, w.RequestReset(ctx, "ana@x.ro", auth.Clinic, foreign))
	w.runJobs(t)
	token := tokenOf(t, w.inbox.last(t, "password_reset").Link, "mine.clinic.localhost:9100")
	is(t, w.ResetPassword(ctx, token, "short"), signin.ErrPasswordWeak)
	is(t, w.VerifyEmail(ctx, token), signin.ErrLinkUsed)
	must(t, w.ResetPassword(ctx, token, "another long password"))
	is(t, w.ResetPassword(ctx, token, "a third long password"), signin.ErrLinkUsed)
	_, err := w.Refresh(ctx, tokens.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	_, err = w.LogIn(ctx, signin.ByPassword{Email: "ana@x.ro", Password: "another long password"})
	must(t, err)

	must(t, w.RequestReset(ctx, "ana@x.ro", auth.Console, ident.OrgID{}))
	w.runJobs(t)
	late := tokenOf(t, w.inbox.last(t, "password_reset").Link, "console.localhost:9300")
	w.clock.advance(time.Hour)
	is(t, w.ResetPassword(ctx, late, "another long password"), signin.ErrLinkUsed)
}

func TestVerifyEmail_provesTheAddressAfterSignIn(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	execute(t, w, "UPDATE users SET email_verified_at = NULL WHERE id = $1", user)
	ctx := from(t, "10.0.0.1")
	w.login(t, ctx, "ana@x.ro")
	w.runJobs(t)
	token := tokenOf(t, w.inbox.last(t, "email_verify").Link, "clinic.localhost:9100")
	must(t, w.VerifyEmail(ctx, token))
	if !one[bool](t, w, "SELECT email_verified_at IS NOT NULL FROM users WHERE id = $1", user) {
		t.Error("the address is not verified")
	}
	is(t, w.VerifyEmail(ctx, token), signin.ErrLinkUsed)
}

// Verifies AUTH-12: the link of an invitation makes account and membership in one request and marks the invitation.
func TestInvitation_makesAccountAndMembership(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	org := w.clinic(t, "clinica")
	token := w.invite(t, org, "ana@x.ro", auth.Specialist)
	ctx := from(t, "10.0.0.1")
	i, err := w.Invitation(ctx, token)
	must(t, err)
	if i.Email != "ana@x.ro" || i.Role != auth.Specialist || i.OrganizationSlug != "clinica" || i.AccountExists {
		t.Errorf("invitation %+v", i)
	}
	accept := signin.Accept{Token: token, Name: "Ana Pop", Password: "short", Locale: "ro", App: auth.Clinic}
	_, err = w.AcceptInvitation(ctx, accept)
	is(t, err, signin.ErrPasswordWeak)
	accept.Password = password
	done, err := w.AcceptInvitation(ctx, accept)
	must(t, err)
	if done.Tokens == nil {
		t.Fatal("a new account is not signed in")
	}
	if role := one[string](t, w, "SELECT role FROM user_organizations WHERE organization_id = $1 AND user_id = $2", org, done.Tokens.UserID); role != "specialist" {
		t.Errorf("role %s", role)
	}
	if n := one[int](t, w, "SELECT count(*) FROM users WHERE email = 'ana@x.ro' AND name = 'Ana Pop' AND locale = 'ro' AND email_verified_at IS NOT NULL"); n != 1 {
		t.Error("the account is not as given, or its address is not verified")
	}
	if n := one[int](t, w, "SELECT count(*) FROM staff_invitations WHERE accepted_at IS NOT NULL"); n != 1 {
		t.Error("the invitation is not marked")
	}
	if n := one[int](t, w, "SELECT count(*) FROM audit_log WHERE organization_id = $1", org); n != 1 {
		t.Errorf("%d audit rows in the clinic's chain", n)
	}
	_, err = w.AcceptInvitation(ctx, accept)
	is(t, err, signin.ErrInvitationExpired)
	w.login(t, ctx, "ana@x.ro")
}

func TestInvitation_linkDoesNotOpenAnExistingAccount(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	org := w.clinic(t, "clinica")
	token := w.invite(t, org, "Ana@x.ro", auth.Admin)
	ctx := from(t, "10.0.0.1")
	done, err := w.AcceptInvitation(ctx, signin.Accept{Token: token, Name: "Mallory", Password: "another long password"})
	must(t, err)
	if done.Tokens != nil {
		t.Fatal("a link alone signed somebody in")
	}
	if n := one[int](t, w, "SELECT count(*) FROM user_organizations WHERE organization_id = $1 AND user_id = $2 AND role = 'admin'", org, user); n != 1 {
		t.Error("no membership")
	}
	w.login(t, ctx, "ana@x.ro")
	if name := one[string](t, w, "SELECT name FROM users WHERE id = $1", user); name != "Ana" {
		t.Errorf("the link renamed the person to %s", name)
	}
}

func TestInvitation_goneWhenExpiredRevokedOrForeign(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	org := w.clinic(t, "clinica")
	ctx := from(t, "10.0.0.1")
	_, err := w.Invitation(ctx, "foreign")
	is(t, err, signin.ErrInvitationExpired)
	token := w.invite(t, org, "ana@x.ro", auth.Admin)
	w.clock.advance(14 * 24 * time.Hour)
	_, err = w.Invitation(ctx, token)
	is(t, err, signin.ErrInvitationExpired)
	_, err = w.AcceptInvitation(ctx, signin.Accept{Token: token, Password: password})
	is(t, err, signin.ErrInvitationExpired)
	revoked := w.invite(t, org, "bob@x.ro", auth.Admin)
	execute(t, w, "UPDATE staff_invitations SET revoked_at = now() WHERE email = 'bob@x.ro'")
	_, err = w.Invitation(ctx, revoked)
	is(t, err, signin.ErrInvitationExpired)
}

func TestSweep_keepsWhatIsAlive(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	alive := w.login(t, ctx, "ana@x.ro")
	must(t, w.RequestReset(ctx, "ana@x.ro", auth.Clinic, ident.OrgID{}))
	must(t, w.Sweep(ctx))
	if n := one[int](t, w, "SELECT count(*) FROM email_codes"); n != 1 {
		t.Fatal("the sweep took a living link")
	}
	w.clock.advance(26 * time.Hour)
	must(t, w.Sweep(ctx))
	if n := one[int](t, w, "SELECT count(*) FROM email_codes"); n != 0 {
		t.Error("an expired link was kept")
	}
	if _, err := w.Refresh(ctx, alive.Refresh); err != nil {
		t.Errorf("the sweep ended a device: %v", err)
	}
	w.clock.advance(130 * 24 * time.Hour)
	must(t, w.Sweep(ctx))
	if n := one[int](t, w, "SELECT count(*) FROM login_sessions"); n != 0 {
		t.Error("a long expired device was kept")
	}
}

// Figure A-5's side of invitations: an address that only looks like somebody's, or that somebody registered without proving
// it, never becomes that account.
func TestInvitation_neverJoinsALookAlike(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "kira@x.ro")
	org := w.clinic(t, "clinica")
	ctx := from(t, "10.0.0.1")
	twin := w.invite(t, org, "\u212aira@x.ro", auth.Admin) // the Kelvin sign folds to k in the database's locale
	_, err := w.AcceptInvitation(ctx, signin.Accept{Token: twin, Password: "another long password"})
	is(t, err, signin.ErrInvitationExpired)

	squatter := ident.New[ident.User]()
	execute(t, w, "INSERT INTO users (id, email) VALUES ($1, 'ana@x.ro')", squatter)
	execute(t, w, "INSERT INTO user_identities (id, user_id, issuer, subject) VALUES (gen_random_uuid(), $1, 'https://idp.test', 'squatter')", squatter)
	_, err = w.AcceptInvitation(ctx, signin.Accept{Token: w.invite(t, org, "ana@x.ro", auth.Admin), Password: "another long password"})
	is(t, err, signin.ErrInvitationExpired)
	if n := one[int](t, w, "SELECT count(*) FROM user_organizations"); n != 0 {
		t.Errorf("%d memberships", n)
	}
}
