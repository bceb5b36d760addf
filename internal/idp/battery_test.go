package idp_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/idp/idptest"
)

// forgery is a token that must be refused, with the name under which a failure reports it.
type forgery struct {
	name  string
	token string
}

const (
	evilClerk   = "https://clerk.evil.test"
	evilAccount = "https://x.clerk.accounts.evil.test"
)

// battery returns the names of the forgeries that verify lets through or refuses in another way than all others.
func battery(ctx context.Context, verify func(context.Context, string) (idp.Identity, error), forgeries []forgery) []string {
	var passed []string
	for _, f := range forgeries {
		id, err := verify(ctx, f.token)
		if !errors.Is(err, idp.ErrInvalidToken) || id.Subject != "" {
			passed = append(passed, f.name)
		}
	}
	return passed
}

func figure(forgeries []forgery, passed []string) string {
	verdict := "pass"
	if len(passed) > 0 || len(forgeries) < 40 {
		verdict = "fail"
	}
	return fmt.Sprintf("FIGURE A-2 %d/%d %s", len(forgeries)-len(passed), len(forgeries), verdict)
}

// Figure A-2, the part of it that is the token's own (two Authorization headers and a token in the query are the edge's).
//
// Seen red: each weakened verifier below is our own with one check removed, and the same battery must then report fail
// and name the forgery that the check was there for.
func TestFigureA2(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	forgeries := allForgeries(t, issuer)
	v := newVerifier(t, issuer)
	mustAccept(t, v, issuer.Token())

	passed := battery(t.Context(), v.Verify, forgeries)

	fmt.Println(figure(forgeries, passed))
	if len(passed) > 0 {
		t.Errorf("forgeries that were not refused: %q", passed)
	}

	for _, fault := range []struct {
		name    string
		plant   func(*idp.Verifier)
		exposes string
	}{
		{"any algorithm", func(v *idp.Verifier) { v.WeakenAlgorithms(issuer.URL) }, "HS256 with the public key"},
		{"any algorithm, none too", func(v *idp.Verifier) { v.WeakenAlgorithms(issuer.URL) }, "alg none"},
		{"an hour of leeway", func(v *idp.Verifier) { v.WeakenTimes(issuer.URL, time.Now) }, "expired by 61 s"},
		{"anybody's audience", func(v *idp.Verifier) { v.WeakenAddressee(issuer.URL, time.Now) }, "aud foreign"},
		{"anybody's party", func(v *idp.Verifier) { v.WeakenAddressee(issuer.URL, time.Now) }, "azp absent"},
		{"no session needed", func(v *idp.Verifier) { v.WeakenSession(issuer.URL) }, "sid absent"},
		{"issuer by prefix", func(v *idp.Verifier) {
			v.WeakenIssuer(issuer.URL, time.Now, evilClerk, evilAccount)
		}, "issuer " + evilClerk},
	} {
		t.Run("red/"+fault.name, func(t *testing.T) {
			weak := newVerifier(t, issuer)
			fault.plant(weak)

			passed := battery(t.Context(), weak.Verify, forgeries)

			if !strings.HasSuffix(figure(forgeries, passed), " fail") {
				t.Errorf("the battery did not notice the planted fault")
			}
			if !strings.Contains(strings.Join(passed, "\n"), fault.exposes) {
				t.Errorf("%q was refused in spite of the planted fault; let through: %q", fault.exposes, passed)
			}
		})
	}
}

// One body for all: the refusals differ in their reason only, and no reason quotes the token.
func TestVerify_refusalsSayNothingOfTheToken(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	v := newVerifier(t, issuer)
	for _, f := range allForgeries(t, issuer) {
		_, err := v.Verify(t.Context(), f.token)
		if got, want := err.Error(), "invalid token: "+string(idp.ReasonOf(err)); got != want || idp.ReasonOf(err) == idp.ReasonNone {
			t.Errorf("%s: the refusal reads %q, want %q", f.name, got, want)
		}
	}
}

func allForgeries(tb testing.TB, issuer *idptest.Issuer) []forgery {
	tb.Helper()
	var all []forgery
	all = append(all, algorithmForgeries(tb, issuer)...)
	all = append(all, headerForgeries(tb, issuer)...)
	all = append(all, timeForgeries(issuer)...)
	all = append(all, addresseeForgeries(issuer)...)
	all = append(all, subjectForgeries(issuer)...)
	all = append(all, duplicateForgeries(tb, issuer)...)
	all = append(all, formForgeries(tb, issuer)...)
	all = append(all, signatureForgeries(tb, issuer)...)
	return all
}

func algorithmForgeries(tb testing.TB, issuer *idptest.Issuer) []forgery {
	tb.Helper()
	key := issuer.Signing()
	all := []forgery{
		{"alg none", unsigned(tb, key, issuer.Claims())},
		{"alg none with a signature", key.Sign(tb, idptest.Claims{"alg": "none"}, issuer.Claims())},
		{"HS256 with the public key", hmacWithPublicKey(tb, key, issuer.Claims())},
	}
	for _, algorithm := range []any{
		"None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS256", "RS384", "PS256", "ES384", "ES512", "ES256K", "EdDSA",
		"es256", 256, nil,
		[]string{"ES256"},
	} {
		token := key.Sign(tb, idptest.Claims{"alg": algorithm}, issuer.Claims())
		all = append(all, forgery{fmt.Sprintf("alg %v over an ES256 signature", algorithm), token})
	}
	return all
}

func headerForgeries(tb testing.TB, issuer *idptest.Issuer) []forgery {
	tb.Helper()
	key, stranger := issuer.Signing(), idptest.NewKey(tb, "ES256")
	var all []forgery
	for _, id := range []any{
		nil, "", "../../dev/null", "..", "key' OR '1'='1", "key\x00", "key-unknown", 7, []string{key.ID}, strings.Repeat("k", 300),
	} {
		all = append(all, forgery{fmt.Sprintf("kid %.20v", id), key.Sign(tb, idptest.Claims{"kid": id}, issuer.Claims())})
	}
	for name, value := range map[string]any{
		"jwk": stranger.JWK(tb), "jku": "https://evil.test/jwks", "x5u": "https://evil.test/cert", "x5c": []string{"MII"},
		"crit": []string{"exp"}, "b64": false, "zip": "DEF", "cty": "JWT", "enc": "A256GCM",
	} {
		header := idptest.Claims{name: value}
		all = append(all, forgery{name + " with the genuine key", key.Sign(tb, header, issuer.Claims())})
		header["kid"] = key.ID
		all = append(all, forgery{name + " with a stranger's key", stranger.Sign(tb, header, issuer.Claims())})
	}
	all = append(all, forgery{"empty crit", key.Sign(tb, idptest.Claims{"crit": []string{}}, issuer.Claims())})
	for _, typ := range []any{"logout+jwt", "dpop+jwt", "JWE", 1} {
		all = append(all, forgery{fmt.Sprintf("typ %v", typ), key.Sign(tb, idptest.Claims{"typ": typ}, issuer.Claims())})
	}
	return all
}

func timeForgeries(issuer *idptest.Issuer) []forgery {
	later := time.Now().Add(90 * time.Second).Unix()
	all := []forgery{
		{"expired by 61 s", issuer.Token(agedBy(61 * time.Second))},
		{"expired a day ago", issuer.Token(agedBy(24 * time.Hour))},
	}
	for _, exp := range []any{nil, "2999-01-01", fmt.Sprint(later), 0, -1, true, []int64{later}, 1e300} {
		all = append(all, forgery{fmt.Sprintf("exp %v", exp), issuer.Token(idptest.Claims{"exp": exp})})
	}
	for _, claim := range []string{"nbf", "iat"} {
		all = append(all,
			forgery{claim + " in the future", issuer.Token(idptest.Claims{claim: later})},
			forgery{claim + " as text", issuer.Token(idptest.Claims{claim: "now"})},
		)
	}
	return all
}

func addresseeForgeries(issuer *idptest.Issuer) []forgery {
	var all []forgery
	for _, iss := range []any{
		evilClerk, evilAccount, issuer.URL + "/", issuer.URL + ".evil.test", strings.ToUpper(issuer.URL), " " + issuer.URL, "", nil, 1,
		[]string{issuer.URL},
	} {
		all = append(all, forgery{fmt.Sprintf("issuer %v", iss), issuer.Token(idptest.Claims{"iss": iss})})
	}
	for name, aud := range map[string]any{
		"foreign": "another-api", "absent": nil, "empty": "", "a number": 1, "a foreign list": []string{"another-api"},
		"an empty list": []string{}, "a mixed list": []any{1, idptest.Audience}, "an object": map[string]any{"aud": idptest.Audience},
	} {
		all = append(all, forgery{"aud " + name, issuer.Token(idptest.Claims{"aud": aud})})
	}
	for name, azp := range map[string]any{
		"foreign": "https://evil.test", "absent": nil, "empty": "", "a number": 1, "longer": idptest.Party + ".evil.test",
		"a list": []string{idptest.Party},
	} {
		all = append(all, forgery{"azp " + name, issuer.Token(idptest.Claims{"azp": azp})})
	}
	for name, sid := range map[string]any{"absent": nil, "empty": "", "a number": 1} {
		all = append(all, forgery{"sid " + name, issuer.Token(idptest.Claims{"sid": sid})})
	}
	return all
}

func subjectForgeries(issuer *idptest.Issuer) []forgery {
	var all []forgery
	for name, sub := range map[string]any{
		"absent": nil, "empty": "", "blank": "  ", "a number": 1, "an object": map[string]any{"id": "user_1"}, "a list": []string{"user_1"},
		"true": true, "padded": " user_1", "with a line break": "user_1\n", "with a null": "user_1\x00", "endless": strings.Repeat("u", 300),
	} {
		all = append(all, forgery{"sub " + name, issuer.Token(idptest.Claims{"sub": sub})})
	}
	return append(all,
		forgery{"an actor nobody audits", issuer.Token(idptest.Claims{"act": map[string]any{"sub": "admin_1"}})},
		forgery{"an impersonation nobody started", issuer.Token(idptest.Claims{"impersonation_id": "imp_1"})},
	)
}

func duplicateForgeries(tb testing.TB, issuer *idptest.Issuer) []forgery {
	tb.Helper()
	key := issuer.Signing()
	header := mustJSON(tb, idptest.Claims{"alg": key.Algorithm, "kid": key.ID})
	claims := mustJSON(tb, issuer.Claims())
	with := func(object []byte, member string) []byte {
		return []byte(strings.TrimSuffix(string(object), "}") + "," + member + "}")
	}
	return []forgery{
		{"sub twice", key.SignRaw(tb, header, with(claims, `"sub":"user_2"`))},
		{"sub twice, once escaped", key.SignRaw(tb, header, with(claims, `"\u0073ub":"user_2"`))},
		{"exp twice", key.SignRaw(tb, header, with(claims, `"exp":32503680000`))},
		{"iss twice", key.SignRaw(tb, header, with(claims, `"iss":"https://evil.test"`))},
		{"a nested member twice", key.SignRaw(tb, header, with(claims, `"x":[{"a":1,"a":2}]`))},
		{"alg twice", key.SignRaw(tb, with(header, `"alg":"none"`), claims)},
		{"kid twice", key.SignRaw(tb, with(header, `"kid":"other"`), claims)},
	}
}

func formForgeries(tb testing.TB, issuer *idptest.Issuer) []forgery {
	tb.Helper()
	key, token := issuer.Signing(), issuer.Token()
	header := mustJSON(tb, idptest.Claims{"alg": key.Algorithm, "kid": key.ID})
	claims := mustJSON(tb, issuer.Claims())
	parts := strings.Split(token, ".")
	jweHeader := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"dir","enc":"A256GCM","zip":"DEF","cty":"JWT"}`))
	return []forgery{
		{"nothing", ""},
		{"one part", parts[0]},
		{"two parts", parts[0] + "." + parts[1]},
		{"four parts", token + "." + parts[2]},
		{"only dots", ".."},
		{"encrypted", jweHeader + "..AAAA.AAAA.AAAA"},
		{"encrypted bomb", jweHeader + "..AAAA." + strings.Repeat("A", 7000) + ".AAAA"},
		{"encrypted inside", key.SignRaw(tb, header, []byte(`"`+jweHeader+`..A.A.A"`))},
		{"1 MB", issuer.Token(idptest.Claims{"pad": strings.Repeat("x", 1<<20)})},
		{"9 KB", issuer.Token(idptest.Claims{"pad": strings.Repeat("x", 9<<10)})},
		{"1 MB of dots", strings.Repeat(".", 1<<20)},
		{"padded", parts[0] + "." + parts[1] + "=." + parts[2]},
		{"line break inside", parts[0] + ".\n" + parts[1] + "." + parts[2]},
		{"line break behind", token + "\n"},
		{"scheme in front", "Bearer " + token},
		{"another alphabet", parts[0] + "." + parts[1] + ".+/+/"},
		{"header is no JSON", key.SignRaw(tb, []byte("alg=ES256"), claims)},
		{"claims are a list", key.SignRaw(tb, header, []byte(`[]`))},
		{"claims are null", key.SignRaw(tb, header, []byte(`null`))},
		{"claims and more", key.SignRaw(tb, header, append(claims, claims...))},
		{"claims cut short", key.SignRaw(tb, header, claims[:len(claims)-1])},
		{"claims not UTF-8", key.SignRaw(tb, header, []byte("{\"sub\":\"\xff\"}"))},
		{"claims too deep", key.SignRaw(tb, header, []byte(`{"a":`+strings.Repeat("[", 2000)+strings.Repeat("]", 2000)+`}`))},
	}
}

func signatureForgeries(tb testing.TB, issuer *idptest.Issuer) []forgery {
	tb.Helper()
	key, stranger, token := issuer.Signing(), idptest.NewKey(tb, "ES256"), issuer.Token()
	parts := strings.Split(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		tb.Fatal(err)
	}
	signed := parts[0] + "." + parts[1] + "."
	other := strings.Split(issuer.Token(idptest.Claims{"sub": "user_2"}), ".")
	withBit := append([]byte{}, signature...)
	withBit[10] ^= 1
	return []forgery{
		{"no signature", signed},
		{"signature of zeros", signed + base64.RawURLEncoding.EncodeToString(make([]byte, len(signature)))},
		{"signature cut short", signed + base64.RawURLEncoding.EncodeToString(signature[:32])},
		{"signature with a tail", signed + base64.RawURLEncoding.EncodeToString(append(signature, 0))},
		{"one bit of the signature", signed + base64.RawURLEncoding.EncodeToString(withBit)},
		{"signature of other claims", signed + other[2]},
		{"other claims", parts[0] + "." + other[1] + "." + parts[2]},
		{"a stranger's key under our kid", stranger.Sign(tb, idptest.Claims{"kid": key.ID}, issuer.Claims())},
		{"a stranger's key of another kind", idptest.NewKey(tb, "EdDSA").Sign(tb, idptest.Claims{"kid": key.ID}, issuer.Claims())},
	}
}

func mustJSON(tb testing.TB, value any) []byte {
	tb.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}
