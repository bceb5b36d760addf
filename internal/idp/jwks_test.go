package idp_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/idp/idptest"
)

// keyFigures is what A-3 promises, measured on the clock of a bubble, so that a wait shows as a number and never as a
// slow test.
type keyFigures struct {
	newKey        time.Duration // from publication to the first accepted token
	newKeyInFlood time.Duration // the same while unknown keys rain
	withdrawn     time.Duration // from withdrawal to the first refusal, under constant use
	floodFetches  int           // fetches in a minute of 200 unknown keys a second
	validWait     time.Duration // longest wait of a valid user in that minute
	outageHurt    int           // valid users refused, or unknown keys accepted, while the issuer answers nothing usable
}

func (f keyFigures) String() string {
	verdict := "pass"
	if f.newKey > 5*time.Second || f.newKeyInFlood > 10*time.Second || f.withdrawn > 5*time.Minute || f.floodFetches > 6 ||
		f.validWait > 0 || f.outageHurt > 0 {
		verdict = "fail"
	}
	return fmt.Sprintf("FIGURE A-3 new_key=%s,new_key_in_flood=%s,withdrawn=%s,fetches_per_minute=%d,valid_wait=%s,outage_refusals=%d %s",
		f.newKey, f.newKeyInFlood, f.withdrawn, f.floodFetches, f.validWait, f.outageHurt, verdict)
}

// Figure A-3.
//
// Seen red: the first weakened cache prolongs its life with every use and never lets a withdrawn key go; the second
// fetches for every unknown key. The same measurement must report fail for both.
func TestFigureA3(t *testing.T) {
	t.Parallel()
	figures := measureKeys(t, nil, measureNewKey, measureWithdrawal, measureFlood, measureOutage)

	fmt.Println(figures)
	if !strings.HasSuffix(figures.String(), " pass") {
		t.Error("the keys of issuers do not behave as promised")
	}

	t.Run("red/sliding cache", func(t *testing.T) {
		sliding := measureKeys(t, (*idp.Verifier).SlideKeys, measureWithdrawal)
		if !strings.HasSuffix(sliding.String(), " fail") || sliding.withdrawn <= 5*time.Minute {
			t.Errorf("the measurement did not notice a sliding cache: %s", sliding)
		}
	})
	t.Run("red/a fetch for every unknown key", func(t *testing.T) {
		unbound := measureKeys(t, (*idp.Verifier).UnboundFetches, measureFlood)
		if !strings.HasSuffix(unbound.String(), " fail") || unbound.floodFetches <= 6 {
			t.Errorf("the measurement did not notice unbounded fetches: %s", unbound)
		}
	})
}

// keyScene is an issuer and a verifier of its tokens.
type keyScene struct {
	issuer *idptest.Issuer
	verify func(ctx context.Context, token string) error
}

func measureKeys(
	t *testing.T, plant func(*idp.Verifier, string) func(), measures ...func(*testing.T, keyScene, *keyFigures),
) keyFigures {
	t.Helper()
	var figures keyFigures
	for _, measure := range measures {
		synctest.Test(t, func(t *testing.T) {
			issuer := idptest.NewInMemory(t)
			v := newVerifier(t, issuer)
			fault := func() {}
			if plant != nil {
				fault = plant(v, issuer.URL)
			}
			mustAccept(t, v, issuer.Token())
			measure(t, keyScene{issuer, func(ctx context.Context, token string) error {
				fault()
				_, err := v.Verify(ctx, token)
				return err
			}}, &figures)
		})
	}
	return figures
}

// until tries every step until tried reports true, for at most limit, and returns how long that took.
func until(step, limit time.Duration, tried func() bool) time.Duration {
	start := time.Now()
	for time.Since(start) < limit && !tried() {
		pass(step)
	}
	return time.Since(start)
}

func longLived(tb testing.TB, issuer *idptest.Issuer, key idptest.Key) string {
	return key.Sign(tb, nil, issuer.Claims(idptest.Claims{"exp": time.Now().Add(12 * time.Hour).Unix()}))
}

func measureNewKey(t *testing.T, s keyScene, figures *keyFigures) {
	pass(time.Minute)
	s.issuer.Rotate("ES256")
	token := s.issuer.Token()
	figures.newKey = until(100*time.Millisecond, time.Minute, func() bool { return s.verify(t.Context(), token) == nil })

	pass(time.Minute)
	s.refused(t, 0)
	s.issuer.Rotate("ES256")
	token = s.issuer.Token()
	figures.newKeyInFlood = until(5*time.Millisecond, time.Minute, func() bool {
		s.refused(t, 1)
		return s.verify(t.Context(), token) == nil
	})
}

func measureWithdrawal(t *testing.T, s keyScene, figures *keyFigures) {
	stolen := s.issuer.Signing()
	token := longLived(t, s.issuer, stolen)
	s.issuer.Rotate("ES256")
	s.issuer.Withdraw(stolen)
	figures.withdrawn = until(time.Second, 20*time.Minute, func() bool {
		return errors.Is(s.verify(t.Context(), token), idp.ErrInvalidToken)
	})
}

func measureFlood(t *testing.T, s keyScene, figures *keyFigures) {
	s.issuer.SetLatency(500 * time.Millisecond)
	valid := longLived(t, s.issuer, s.issuer.Signing())
	before := s.issuer.Fetches()
	var wg sync.WaitGroup
	var mu sync.Mutex
	for n := range 60 * 200 {
		wg.Go(func() { s.refused(t, n) })
		if n%20 == 0 {
			wg.Go(func() {
				start := time.Now()
				if err := s.verify(t.Context(), valid); err != nil {
					t.Errorf("valid user refused in the flood: %v", err)
				}
				mu.Lock()
				defer mu.Unlock()
				figures.validWait = max(figures.validWait, time.Since(start))
			})
		}
		<-time.After(5 * time.Millisecond)
	}
	wg.Wait()
	figures.floodFetches = s.issuer.Fetches() - before
}

func measureOutage(t *testing.T, s keyScene, figures *keyFigures) {
	valid := longLived(t, s.issuer, s.issuer.Signing())
	for _, fault := range []idptest.Fault{idptest.Down, idptest.Garbage, idptest.Empty, idptest.Oversized, idptest.Hang} {
		s.issuer.SetFault(fault)
		for range 10 * 60 {
			if err := s.verify(t.Context(), valid); err != nil {
				figures.outageHurt++
			}
			pass(time.Second)
		}
		s.refused(t, int(fault))
		s.issuer.SetFault(idptest.Healthy)
		pass(time.Minute)
		if err := s.verify(t.Context(), valid); err != nil {
			t.Errorf("valid user refused after the outage: %v", err)
		}
	}
}

// refused presents a token with an unknown key. Its signature is never looked at, so none is made.
func (s keyScene) refused(t *testing.T, n int) {
	t.Helper()
	header := fmt.Appendf(nil, `{"alg":"ES256","kid":"unknown-%d"}`, n)
	claims := fmt.Appendf(nil, `{"iss":%q}`, s.issuer.URL)
	token := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims) + ".AAAA"
	if err := s.verify(t.Context(), token); idp.ReasonOf(err) != idp.ReasonKey {
		t.Errorf("unknown key: got %v, want refusal %q", err, idp.ReasonKey)
	}
}

func TestKeys_firstFetchIsSharedByAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		issuer.SetLatency(time.Second)
		v, token := newVerifier(t, issuer), issuer.Token()
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, err := v.Verify(t.Context(), token); err != nil {
					t.Errorf("genuine token refused: %v", err)
				}
			})
		}
		wg.Wait()
		if got := issuer.Fetches(); got != 1 {
			t.Errorf("fetches: got %d, want 1", got)
		}
	})
}

func TestKeys_neverFetchedIsAnOutageNotARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		issuer.SetFault(idptest.Down)
		v := newVerifier(t, issuer)

		_, err := v.Verify(t.Context(), issuer.Token())

		if !errors.Is(err, idp.ErrUnavailable) || errors.Is(err, idp.ErrInvalidToken) {
			t.Errorf("no keys yet: got %v, want ErrUnavailable", err)
		}
		issuer.SetFault(idptest.Healthy)
		pass(10 * time.Second)
		mustAccept(t, v, issuer.Token())
	})
}

func TestKeys_failedFetchIsLoggedOnceWithoutAddresses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		config := issuer.Config()
		config.JWKSURL += "?apikey=secret"
		var log bytes.Buffer
		v, err := idp.NewVerifier([]idp.IssuerConfig{config}, idp.Deps{
			Client: issuer.Client(), Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		token := issuer.Token()
		issuer.SetFault(idptest.Hang)

		for range 3 {
			if _, err := v.Verify(t.Context(), token); !errors.Is(err, idp.ErrUnavailable) {
				t.Errorf("no keys yet: got %v, want ErrUnavailable", err)
			}
		}

		if got := strings.Count(log.String(), "level=WARN"); got != 1 {
			t.Errorf("warnings: got %d, want 1:\n%s", got, &log)
		}
		if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), token) {
			t.Errorf("the warning gives away a secret:\n%s", &log)
		}
	})
}

func TestKeys_idleCacheIsNotTrusted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		v, stolen := newVerifier(t, issuer), issuer.Signing()
		mustAccept(t, v, issuer.Token())
		issuer.Rotate("ES256")
		issuer.Withdraw(stolen)
		pass(4 * time.Minute)

		_, err := v.Verify(t.Context(), stolen.Sign(t, nil, issuer.Claims()))

		if idp.ReasonOf(err) != idp.ReasonKey {
			t.Errorf("key withdrawn while nobody asked: got %v, want refusal %q", err, idp.ReasonKey)
		}
	})
}

func TestKeys_outageEndsTrustAfterAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		v := newVerifier(t, issuer)
		token := longLived(t, issuer, issuer.Signing())
		mustAccept(t, v, token)
		issuer.SetFault(idptest.Down)

		lasted := until(10*time.Second, 2*time.Hour, func() bool {
			_, err := v.Verify(t.Context(), token)
			return errors.Is(err, idp.ErrUnavailable)
		})

		if lasted != time.Hour {
			t.Errorf("last good keys answered for %s, want 1h", lasted)
		}
	})
}

func TestKeys_waitingEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		issuer.SetLatency(3 * time.Second)
		v := newVerifier(t, issuer)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		_, err := v.Verify(ctx, issuer.Token())

		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, idp.ErrInvalidToken) {
			t.Errorf("request gave up: got %v, want its own deadline", err)
		}
		pass(3 * time.Second)
		mustAccept(t, v, issuer.Token())
		if got := issuer.Fetches(); got != 1 {
			t.Errorf("the fetch died with the request: %d fetches, want 1", got)
		}
	})
}

func TestKeys_fromOurOwnStore(t *testing.T) {
	t.Parallel()
	key := idptest.NewKey(t, "ES256")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	wrongCurve, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer := idptest.New(t)
	config := issuer.Config()
	config.JWKSURL = ""
	config.Keys = func(context.Context) ([]idp.PublicKey, error) {
		return []idp.PublicKey{
			{ID: "weak", Key: weak.Public()}, {ID: "curve", Key: wrongCurve.Public()}, {ID: "secret", Key: []byte("secret")}, key.Public(),
		}, nil
	}
	v, err := idp.NewVerifier([]idp.IssuerConfig{config}, idp.Deps{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}

	mustAccept(t, v, key.Sign(t, nil, issuer.Claims()))

	stranger := idptest.Key{ID: "weak", Algorithm: "RS256", Private: weak}
	if _, err := v.Verify(t.Context(), stranger.Sign(t, nil, issuer.Claims())); idp.ReasonOf(err) != idp.ReasonKey {
		t.Errorf("1024-bit key: got %v, want refusal %q", err, idp.ReasonKey)
	}
	if issuer.Fetches() != 0 {
		t.Error("an issuer with its own source was asked over HTTP")
	}
}
