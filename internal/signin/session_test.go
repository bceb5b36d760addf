package signin_test

import (
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/signin"
)

// Verifies AUTH-15: the second use of a refresh token answers 401, ends the whole family, and leaves refresh_reuse.
func TestRefresh_secondUseEndsTheFamily(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	first, bystander := w.login(t, ctx, "ana@x.ro"), w.login(t, ctx, "ana@x.ro")
	second, err := w.Refresh(ctx, first.Refresh)
	must(t, err)

	_, err = w.Refresh(ctx, first.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	_, err = w.Refresh(ctx, second.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	if n := one[int](t, w, "SELECT count(*) FROM security_events WHERE kind = 'refresh_reuse' AND subject = $1", "user:"+user.String()); n != 1 {
		t.Errorf("%d refresh_reuse events", n)
	}
	if reason := one[string](t, w, "SELECT revoked_reason FROM login_sessions WHERE revoked_at IS NOT NULL"); reason != "refresh_reuse" {
		t.Errorf("device ended by %s", reason)
	}
	if _, err := w.Refresh(ctx, bystander.Refresh); err != nil {
		t.Errorf("another device of the person was ended too: %v", err)
	}
}

func TestRefresh_ofManyAtOnceOneWinsAndTheFamilyEnds(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	tokens := w.login(t, ctx, "ana@x.ro")
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		wins []signin.Tokens
	)
	for range 8 {
		wg.Go(func() {
			if next, err := w.Refresh(ctx, tokens.Refresh); err == nil {
				mu.Lock()
				defer mu.Unlock()
				wins = append(wins, next)
			}
		})
	}
	wg.Wait()
	if len(wins) != 1 {
		t.Fatalf("%d of 8 uses at once succeeded", len(wins))
	}
	_, err := w.Refresh(ctx, wins[0].Refresh)
	is(t, err, apperror.ErrUnauthorized)
}

func TestRefresh_endsWithAgeAndBlock(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	ctx := from(t, "10.0.0.1")
	old, current := w.login(t, ctx, "ana@x.ro"), w.login(t, ctx, "ana@x.ro")
	w.clock.advance(30*24*time.Hour - time.Second)
	current, err := w.Refresh(ctx, current.Refresh)
	must(t, err)
	w.clock.advance(time.Second)
	_, err = w.Refresh(ctx, old.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	_, err = w.Refresh(ctx, "never given out")
	is(t, err, apperror.ErrUnauthorized)
	execute(t, w, "UPDATE users SET blocked_at = now() WHERE id = $1", user)
	_, err = w.Refresh(ctx, current.Refresh)
	is(t, err, middleware.ErrUserBlocked)
}

// active asks what every request asks about its device (figure A-4).
func (w *world) active(t *testing.T, tokens signin.Tokens) bool {
	t.Helper()
	id, err := w.verifier.Verify(t.Context(), tokens.Access.Reveal())
	must(t, err)
	var active bool
	must(t, w.db.InSigninTx(t.Context(), func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT login_session_active($1)", id.SessionID).Scan(&active)
	}))
	return active
}

func TestDevices_areListedAndEndedByTheirOwnerOnly(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	w.account(t, "bob@x.ro")
	ctx := from(t, "10.0.0.1")
	a1, a2, b1 := w.login(t, ctx, "ana@x.ro"), w.login(t, ctx, "ana@x.ro"), w.login(t, ctx, "bob@x.ro")
	ana, bob := w.person(t, ctx, a1), w.person(t, ctx, b1)

	list, err := w.Devices(ana)
	must(t, err)
	if len(list) != 2 {
		t.Fatalf("%d devices", len(list))
	}
	for _, d := range list {
		p, _ := auth.From(ana)
		if d.Agent != "Firefox on Linux" || d.IP != "10.0.0.1" || d.App != auth.Clinic || d.Current != (d.ID == p.LoginSessionID) {
			t.Errorf("device %+v", d)
		}
	}
	is(t, w.EndDevice(bob, list[0].ID), signin.ErrSessionNotFound)
	is(t, w.EndDevice(ana, ident.New[auth.LoginSession]()), signin.ErrSessionNotFound)

	must(t, w.EndOthers(ana))
	if !w.active(t, a1) || w.active(t, a2) || !w.active(t, b1) {
		t.Error("signing the others out ended the wrong devices")
	}
	_, err = w.Refresh(ctx, a2.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	must(t, w.EndAll(ana))
	if w.active(t, a1) || !w.active(t, b1) {
		t.Error("signing out everywhere ended the wrong devices")
	}

	must(t, w.LogOut(ctx, b1.Refresh))
	must(t, w.LogOut(ctx, b1.Refresh))
	must(t, w.LogOut(ctx, "never given out"))
	if w.active(t, b1) {
		t.Error("a signed-out device is still active")
	}
}

func TestEndSessionsTx_endsEveryDeviceOfABlockedPerson(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	tokens := w.login(t, from(t, "10.0.0.1"), "ana@x.ro")
	must(t, w.db.InPlatformTx(operator(t), ident.OrgID{}, func(tx *postgres.Tx) error {
		return w.EndSessionsTx(t.Context(), tx, user)
	}))
	if w.active(t, tokens) {
		t.Error("a device of a blocked person is still active")
	}
}

func TestHandoff_isBoundToClinicAppTimeAndOneUse(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	home, other, foreign := w.clinic(t, "home"), w.clinic(t, "other"), w.clinic(t, "foreign")
	w.member(t, home, user, auth.Admin)
	w.member(t, other, user, auth.Specialist)
	ctx := from(t, "10.0.0.1")
	tokens := w.login(t, ctx, "ana@x.ro")
	me := w.person(t, ctx, tokens)

	_, err := w.HandOff(me, foreign, auth.Clinic)
	is(t, err, signin.ErrHandoffRefused)
	_, err = w.HandOff(me, other, auth.Portal)
	is(t, err, signin.ErrHandoffRefused)

	h, err := w.HandOff(me, other, auth.Clinic)
	must(t, err)
	if want := "http://other.clinic.localhost:9100/auth/handoff?code=" + h.Code.Reveal(); h.URL.Reveal() != want {
		t.Errorf("handoff leads to %s", h.URL.Reveal())
	}
	_, err = w.Redeem(ctx, h.Code, home, auth.Clinic)
	is(t, err, apperror.ErrUnauthorized)
	_, err = w.Redeem(ctx, h.Code, other, auth.Portal)
	is(t, err, apperror.ErrUnauthorized)
	there, err := w.Redeem(ctx, h.Code, other, auth.Clinic)
	must(t, err)
	_, err = w.Redeem(ctx, h.Code, other, auth.Clinic)
	is(t, err, apperror.ErrUnauthorized)

	// Both hosts hold the same device: each refreshes by itself, and a theft at one ends both.
	if _, err := w.Refresh(ctx, tokens.Refresh); err != nil {
		t.Fatalf("the first host cannot refresh: %v", err)
	}
	next, err := w.Refresh(ctx, there.Refresh)
	must(t, err)
	_, err = w.Refresh(ctx, there.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	_, err = w.Refresh(ctx, next.Refresh)
	is(t, err, apperror.ErrUnauthorized)
	if w.active(t, tokens) {
		t.Error("a reuse at one host left the device active")
	}

	again := w.login(t, ctx, "ana@x.ro")
	late, err := w.HandOff(w.person(t, ctx, again), other, auth.Clinic)
	must(t, err)
	w.clock.advance(30 * time.Second)
	_, err = w.Redeem(ctx, late.Code, other, auth.Clinic)
	is(t, err, apperror.ErrUnauthorized)
}

func TestNewDevice_isToldToItsOwner(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	w.login(t, from(t, "10.0.0.1"), "ana@x.ro")
	w.runJobs(t)
	if n := len(w.inbox.mail); n != 0 {
		t.Fatalf("%d mails after the first sign-in", n)
	}
	phone := auth.WithRequest(t.Context(), auth.Request{IP: "10.0.0.2", UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1"})
	w.login(t, phone, "ana@x.ro")
	w.runJobs(t)
	m := w.inbox.last(t, "security_notice")
	if m.Notice != signin.NoticeNewDevice || m.Device != "Safari on iPhone" || m.Locale != "ro" {
		t.Errorf("notice %s about %q in %q", m.Notice, m.Device, m.Locale)
	}
}
