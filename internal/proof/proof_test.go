package proof_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/proof"
)

func TestRule_refusesWhatIsGuessedFirst(t *testing.T) {
	t.Parallel()

	rule := proof.NewRule()
	for _, weak := range []proof.Secret{"", "short", "123456789", "qwertyuiop", "QwertyUIOP", "1234567890", "ana@clinica.ro", "Ana.Maria.Pop"} {
		if !rule.IsWeak(weak, map[bool]string{true: "ana.maria.pop@x.ro", false: "ana@clinica.ro"}[weak == "Ana.Maria.Pop"]) {
			t.Errorf("%q passes", weak.Reveal())
		}
	}
	for _, good := range []proof.Secret{"0123456789ab!", "vântul bate", "correct horse"} {
		if rule.IsWeak(good, "ana@clinica.ro") {
			t.Errorf("%q is refused", good.Reveal())
		}
	}
}

func TestHasher_comparesWhicheverKeyboardComposedTheLetters(t *testing.T) {
	t.Parallel()

	h := proof.NewHasher()
	stored, err := h.Hash(t.Context(), "p\u0103durea verde")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=65536,t=3,p=2$") {
		t.Errorf("stored as %s", stored[:32])
	}
	for candidate, want := range map[proof.Secret]bool{"pa\u0306durea verde": true, "padurea verde": false} {
		same, err := h.Matches(t.Context(), candidate, stored)
		if err != nil || same != want {
			t.Errorf("matches %v, want %v (%v)", same, want, err)
		}
	}
	// An account without a password never matches, and is compared with a real hash all the same.
	same, err := h.Matches(t.Context(), "anything", "")
	if same || err != nil {
		t.Errorf("no password: %v %v", same, err)
	}
}

// Verifies AUTH-14: the vectors of RFC 6238 for SHA-1, cut to six digits.
func TestTOTPStep_knowsTheVectorsAndRefusesOldSteps(t *testing.T) {
	t.Parallel()

	seed := []byte("12345678901234567890")
	for _, c := range []struct {
		at   int64
		code string
		step int64
	}{{59, "287082", 1}, {1111111109, "081804", 37037036}, {1111111111, "050471", 37037037}, {1234567890, "005924", 41152263}, {2000000000, "279037", 66666666}} {
		step, right, err := proof.TOTPStep(seed, c.code, time.Unix(c.at, 0), nil)
		if err != nil || !right || step != c.step {
			t.Errorf("%d: step %d right %v (%v)", c.at, step, right, err)
		}
		if _, right, _ := proof.TOTPStep(seed, c.code, time.Unix(c.at, 0), &c.step); right {
			t.Errorf("%d: accepted again", c.at)
		}
		if _, right, _ := proof.TOTPStep(seed, c.code, time.Unix(c.at+90, 0), nil); right {
			t.Errorf("%d: accepted 90 s later", c.at)
		}
	}
}

func TestSecret_neverPrints(t *testing.T) {
	t.Parallel()

	secret := proof.Secret("sesame-open")
	holder := struct{ Token proof.Secret }{secret}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", secret)
	for _, text := range []string{
		fmt.Sprint(secret), fmt.Sprintf("%s %v %q %x %d", secret, secret, secret, secret, secret), fmt.Sprintf("%+v %#v", holder, holder), log.String(),
	} {
		if strings.Contains(text, "sesame") || strings.Contains(text, "736573616d65") {
			t.Errorf("printed: %s", text)
		}
	}
	out, err := json.Marshal(holder)
	if err != nil || string(out) != `{"Token":"sesame-open"}` {
		t.Errorf("its owner reads %s (%v)", out, err)
	}
}

func TestAgentFamily_isCoarse(t *testing.T) {
	t.Parallel()

	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
		"Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36":                                  "Chrome on Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/19.0 Safari/605":                                  "Safari on macOS",
		"curl/8.0": "Unknown device",
		"":         "Unknown device",
	} {
		if got := proof.AgentFamily(agent); got != want {
			t.Errorf("%s: %s", agent, got)
		}
	}
}

func TestRecoveryCode_survivesBeingCopiedFromPaper(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for range 1000 {
		code := proof.NewRecoveryCode().Reveal()
		typed := strings.ToUpper(strings.ReplaceAll(code, "-", " "))
		if len(code) != 11 || proof.NormalRecoveryCode(typed) != proof.NormalRecoveryCode(code) || seen[code] {
			t.Fatalf("code %s", code)
		}
		seen[code] = true
	}
}
