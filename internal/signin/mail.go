package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/ratelimit"
)

// Purposes of a secret that travels by mail.
const (
	purposeSignIn = "sign_in"
	purposeReset  = "reset"
	purposeVerify = "verify"
)

// Notices tell a person what happened to the own account; they are the events of mail.SecurityNotice.
const (
	NoticeNewDevice       = "new_device"
	NoticePasswordChanged = "password_changed"
	NoticeFactorAdded     = "factor_added"
	NoticeFactorRemoved   = "factor_removed"
)

// Kinds of jobs.
const (
	JobMail   = "signin.mail"
	JobNotice = "signin.notice"
	JobSweep  = "signin.sweep"
	JobKeys   = "signin.rotate_keys"
)

// Message is one mail of a sign-in: sign_in_code carries Code, the two links carry Link, and security_notice carries Notice,
// At, Device and the Link to the person's own devices.
type Message struct {
	// Template is sign_in_code, password_reset, email_verify or security_notice.
	Template string
	To, Name string
	// Locale is ro, en, or empty for the installation's default.
	Locale    string
	Code      Secret
	Link      Secret
	ExpiresIn time.Duration
	Notice    string
	At        time.Time
	// Device is the kind of device that did it; empty when it is not known.
	Device string
}

// LogValue keeps the recipient and the secret out of logs.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.Template) }

// Mailer sends one message. An error makes the job try again, with a new secret.
type Mailer interface {
	SendSignIn(ctx context.Context, m Message) error
}

// mailRequest asks for a secret to be sent to an address, whoever that is.
type mailRequest struct {
	email, purpose string
	app            auth.App
	org            ident.OrgID
}

// RequestCode sends a sign-in code to the address if somebody has it. Nothing in the answer or its time tells whether.
func (s *Service) RequestCode(ctx context.Context, email string, app auth.App, org ident.OrgID) error {
	return s.requestMail(ctx, mailRequest{email: email, purpose: purposeSignIn, app: app, org: org})
}

// RequestReset sends a link that sets a new password, under the same silence.
func (s *Service) RequestReset(ctx context.Context, email string, app auth.App, org ident.OrgID) error {
	return s.requestMail(ctx, mailRequest{email: email, purpose: purposeReset, app: app, org: org})
}

func (s *Service) requestMail(ctx context.Context, m mailRequest) error {
	if d := s.Limiter.Allow(ctx, ratelimit.AuthMail, s.emailSubject(m.email)); !d.Allowed {
		return throttled(d)
	}
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error { return s.requestMailTx(ctx, tx, m) })
	if err != nil {
		return fmt.Errorf("request mail: %w", err)
	}
	return nil
}

func (s *Service) requestMailTx(ctx context.Context, tx *postgres.Tx, m mailRequest) error {
	id := ident.New[Message]()
	if err := requestCode(ctx, tx, id, m, tx.Now.Add(lifeOf(m.purpose))); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "email_code", EntityID: id.String()})
	return job.EnqueueTx(ctx, tx, JobMail, map[string]string{"code_id": id.String()}, job.Options{MaxAttempts: 5})
}

func lifeOf(purpose string) time.Duration {
	switch purpose {
	case purposeReset:
		return resetLife
	case purposeVerify:
		return verifyLife
	}
	return codeLife
}

// noticeJob is the argument of a notice: ids, an enum and an instant in Unix seconds.
type noticeJob struct {
	UserID    ident.UserID `json:"user_id"`
	SessionID SessionID    `json:"session_id"`
	Notice    string       `json:"notice"`
	At        int64        `json:"at"`
}

func (s *Service) noticeTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, session SessionID, notice string) error {
	return job.EnqueueTx(ctx, tx, JobNotice, noticeJob{UserID: user, SessionID: session, Notice: notice, At: tx.Now.Unix()}, job.Options{MaxAttempts: 5})
}

// Register adds the package's jobs to the runner.
func (s *Service) Register(r *job.Runner) {
	r.Handle(JobMail, s.SendMail)
	r.Handle(JobNotice, s.SendNotice)
	r.Every(job.Periodic{Kind: JobSweep, Every: time.Hour, Run: s.Sweep})
	r.Every(job.Periodic{Kind: JobKeys, Every: time.Hour, Run: s.Issuer.RotateKeys})
}

// recipient is who a prepared secret goes to; a zero User means that there is nobody, or that it is too late.
type recipient struct {
	User                ident.UserID
	Email, Name, Locale string
	Purpose             string
	Device              string
	App                 auth.App
	OrgID               ident.OrgID
}

// SendMail is the job behind a request: it makes the secret now, stores its hash, and sends it. Run twice, it sends a second
// mail whose secret replaces the first.
func (s *Service) SendMail(ctx context.Context, args json.RawMessage) error {
	var a struct {
		CodeID ident.ID[Message] `json:"code_id"`
	}
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var to recipient
	secret := proof.NewToken()
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		owner, purpose, err := codeOwner(ctx, tx, a.CodeID)
		if err != nil || owner.IsZero() {
			return err
		}
		hash := proof.Hash(secret)
		if purpose == purposeSignIn {
			if secret, err = proof.NewDigits(); err != nil {
				return err
			}
			hash = s.shortHash(purposeSignIn, owner, secret.Reveal())
		}
		to, err = prepareCode(ctx, tx, a.CodeID, hash)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare mail: %w", err)
	}
	if to.User.IsZero() {
		return nil
	}
	m, err := s.messageFor(ctx, to, secret)
	if err != nil {
		return err
	}
	if err := s.Mailer.SendSignIn(ctx, m); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func (s *Service) messageFor(ctx context.Context, to recipient, secret Secret) (Message, error) {
	m := Message{To: to.Email, Name: to.Name, Locale: to.Locale, ExpiresIn: lifeOf(to.Purpose)}
	path := "/reset-password"
	switch to.Purpose {
	case purposeSignIn:
		m.Template, m.Code = "sign_in_code", secret
		return m, nil
	case purposeVerify:
		m.Template, path = "email_verify", "/verify-email"
	default:
		m.Template = "password_reset"
	}
	host, err := s.hostFor(ctx, to.App, to.OrgID)
	if err != nil {
		return Message{}, fmt.Errorf("find host of link: %w", err)
	}
	u := url.URL{Scheme: s.Domains.Scheme, Host: host, Path: path, RawQuery: url.Values{"token": {secret.Reveal()}}.Encode()}
	m.Link = Secret(u.String())
	return m, nil
}

// hostFor is the platform's own host of a clinic's app. A custom domain is never used in a link that carries a secret: its
// owner could point it elsewhere.
func (s *Service) hostFor(ctx context.Context, app auth.App, org ident.OrgID) (string, error) {
	parent := s.Domains.Clinic
	switch app {
	case auth.Console:
		return s.Domains.Console, nil
	case auth.Portal:
		parent = s.Domains.Portal
	case auth.Clinic:
	}
	if org.IsZero() {
		return parent, nil
	}
	slug, err := s.Clinics.Slug(ctx, org)
	if err != nil {
		return "", err
	}
	return slug + "." + parent, nil
}

// SendNotice is the job that tells a person about the own account.
func (s *Service) SendNotice(ctx context.Context, args json.RawMessage) error {
	var a noticeJob
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var to recipient
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		to, err = noticeRecipient(ctx, tx, a.UserID, a.SessionID)
		return err
	})
	if err != nil || to.Email == "" {
		return err
	}
	host, err := s.hostFor(ctx, to.App, to.OrgID)
	if err != nil {
		return fmt.Errorf("find host of link: %w", err)
	}
	m := Message{
		Template: "security_notice", To: to.Email, Name: to.Name, Locale: to.Locale, Notice: a.Notice, At: time.Unix(a.At, 0).UTC(),
		Device: to.Device, Link: Secret(s.Domains.Scheme + "://" + host + "/account"),
	}
	if err := s.Mailer.SendSignIn(ctx, m); err != nil {
		return fmt.Errorf("send notice: %w", err)
	}
	return nil
}

// Sweep removes what is spent, expired or long ended.
func (s *Service) Sweep(ctx context.Context) error {
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error { return sweep(ctx, tx) })
	if err != nil {
		return fmt.Errorf("sweep sign-ins: %w", err)
	}
	return nil
}
