package coreapi_test

import (
	"crypto/sha256"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// journey is one person of the built-in sign-in who uses every door that needs a secret from an earlier answer or from a mail.
type journey struct {
	*world
	email, password string
	anyone          apitest.Client
}

func newJourney(w *world) *journey {
	return &journey{world: w, email: "journey." + unique() + "@example.test", password: "Corect Cal Baterie 9", anyone: w.api.Anonymous().App(auth.Clinic)}
}

// tokens are what a finished sign-in answers; MFAToken stands for an unfinished one.
type tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	MFAToken     string `json:"mfa_token"`
}

func (j *journey) login() tokens {
	j.t.Helper()
	return apitest.Data[tokens](j.anyone.Post("/v1/auth/login", object{"email": j.email, "password": j.password, "app": "clinic"}).Must(http.StatusOK))
}

func (j *journey) with(t tokens) apitest.Client {
	return j.anyone.With("Authorization", "Bearer "+t.AccessToken).In(j.a.ID)
}

// invite makes an invitation whose link is known; the link of a real one is in a mail only.
func (j *journey) invite(c apitest.Clinic) string {
	token := "journey-" + unique() + strings.Repeat("x", 20)
	hash := sha256.Sum256([]byte(token))
	j.exec(`INSERT INTO staff_invitations (id, organization_id, email, role, token_hash, expires_at) VALUES ($1, $2, $3, 'specialist', $4, now() + interval '1 day')`,
		newID(), c.ID, j.email, hash[:])
	return token
}

// mailed waits for a mail that holds the pattern and was not there before, and answers what the pattern caught.
func (j *journey) mailed(pattern string, ask func()) string {
	j.t.Helper()
	before := len(j.api.Mail.To(j.email))
	ask()
	found, shape := "", regexp.MustCompile(pattern)
	waitUntil(j.t, "the mail has come", func() bool {
		mails := j.api.Mail.To(j.email)
		for _, m := range slices.Backward(mails[min(before, len(mails)):]) {
			if caught := shape.FindStringSubmatch(m.Text); caught != nil {
				found, _ = url.QueryUnescape(caught[1])
				return true
			}
		}
		return false
	})
	return found
}

func (j *journey) walk() {
	j.t.Helper()
	j.join()
	j.proveByMail()
	j.secondStep()
	j.leave()
}

// join accepts two invitations: the first makes the account, the second finds it.
func (j *journey) join() {
	first := j.invite(j.a)
	j.anyone.Get("/v1/auth/invitations/" + first).Must(http.StatusOK)
	j.anyone.Post("/v1/auth/signup", object{"invitation_token": first, "name": "Ana", "password": j.password, "locale": "ro"}).Must(http.StatusOK)
	j.anyone.Post("/v1/auth/invitations/"+j.invite(j.b)+"/accept", object{}).Must(http.StatusOK)
	t := apitest.Data[tokens](j.anyone.Post("/v1/auth/refresh", object{"refresh_token": j.login().RefreshToken}).Must(http.StatusOK))
	j.with(t).Get("/v1/auth/passkeys").Must(http.StatusOK)
	j.with(t).Post("/v1/auth/passkeys/register/begin", object{}).Must(http.StatusOK)
	j.anyone.Post("/v1/auth/passkeys/login/begin", object{}).Must(http.StatusOK)
	code := apitest.Data[struct {
		Code string `json:"code"`
	}](j.with(t).Post("/v1/auth/handoff", object{"organization_id": j.a.ID.String(), "app": "clinic"}).Must(http.StatusOK)).Code
	j.anyone.With("X-Forwarded-Host", "alpha.clinic.localhost:9100").With("X-Forwarded-For", "10.0.0.1").Post("/v1/auth/handoff/redeem", object{"code": code})
	j.with(t).Delete("/v1/me/login-sessions").Must(http.StatusNoContent)
}

// proveByMail signs in with a mailed code and sets a new password with a mailed link.
func (j *journey) proveByMail() {
	code := j.mailed(`\b(\d{6})\b`, func() { j.anyone.Post("/v1/auth/code", object{"email": j.email}).Must(http.StatusNoContent) })
	j.anyone.Post("/v1/auth/code/verify", object{"email": j.email, "code": code}).Must(http.StatusOK)
	token := j.mailed(`reset-password\?token=(\S+)`, func() { j.anyone.Post("/v1/auth/password/forgot", object{"email": j.email}).Must(http.StatusNoContent) })
	j.password = "Alt Cal Baterie 10"
	j.anyone.Post("/v1/auth/password/reset", object{"token": token, "password": j.password}).Must(http.StatusNoContent)
	was := j.password
	j.password = "Al Treilea Cal 11"
	j.with(tokens{AccessToken: apitest.Data[tokens](j.anyone.Post("/v1/auth/login", object{"email": j.email, "password": was}).Must(http.StatusOK)).AccessToken}).
		Post("/v1/auth/password/change", object{"current_password": was, "password": j.password}).Must(http.StatusNoContent)
}

// secondStep turns the code app on, uses it and a recovery code, and turns it off again.
func (j *journey) secondStep() {
	t := j.login()
	secret := apitest.Data[struct {
		Secret string `json:"secret"`
	}](j.with(t).Post("/v1/auth/totp/enrol", object{}).Must(http.StatusOK)).Secret
	codes := apitest.Data[struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}](j.with(t).Post("/v1/auth/totp/activate", object{"code": j.code(secret)}).Must(http.StatusOK)).RecoveryCodes
	j.api.Clock.Advance(time.Minute) // each step of the clock is good for one code
	verified := apitest.Data[tokens](j.anyone.Post("/v1/auth/totp/verify", object{"mfa_token": j.login().MFAToken, "code": j.code(secret)}).Must(http.StatusOK))
	j.anyone.Post("/v1/auth/totp/recovery", object{"mfa_token": j.login().MFAToken, "code": codes[0]}).Must(http.StatusOK)
	j.with(verified).Post("/v1/auth/totp/disable", object{"password": j.password}).Must(http.StatusNoContent)
}

func (j *journey) code(secret string) string {
	code, err := totp.GenerateCode(secret, j.api.Clock.Now())
	if err != nil {
		j.t.Fatal(err)
	}
	return code
}

// leave ends one device, then this one, then all.
func (j *journey) leave() {
	one, other := j.login(), j.login()
	devices := apitest.Data[[]struct {
		ID      string `json:"id"`
		Current bool   `json:"current"`
	}](j.with(one).Get("/v1/me/login-sessions").Must(http.StatusOK))
	for _, d := range devices {
		if !d.Current {
			j.with(one).Delete("/v1/me/login-sessions/" + d.ID).Must(http.StatusNoContent)
		}
	}
	j.anyone.Post("/v1/auth/logout", object{"refresh_token": other.RefreshToken}).Must(http.StatusNoContent)
	j.with(j.login()).Post("/v1/auth/logout-all", object{}).Must(http.StatusNoContent)
}
