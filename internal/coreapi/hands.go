package coreapi

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/blob"
	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/dnstxt"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/mail"
)

// Storage is what health asks the object store.
type Storage interface {
	Healthy(ctx context.Context) error
}

// TXT answers the TXT records of a name.
type TXT interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Hands are the outside world. Production fills them from the configuration, tests with fakes; nothing else differs.
type Hands struct {
	Now     func() time.Time
	Mail    mail.Sender
	TXT     TXT
	Storage Storage
	// HTTP fetches the key sets of external issuers and calls vendors.
	HTTP *http.Client
	// Tracer observes every statement of the request pools; nil observes none.
	Tracer pgx.QueryTracer
	// Issuers are trusted beside the configured one; tests add their own here.
	Issuers []idp.IssuerConfig
}

// ProductionHands connects to what the configuration names. Nothing is contacted here.
func ProductionHands(cfg config.Config, now func() time.Time) (Hands, error) {
	shifted := func() time.Time { return now().Add(cfg.ClockOffset) }
	sender, err := mail.NewSMTP(cfg.SMTPURL.Reveal(), cfg.MailFrom, shifted)
	if err != nil {
		return Hands{}, err
	}
	return Hands{
		Now:  shifted,
		Mail: sender,
		TXT:  dnstxt.New(cfg.DNSResolver, 5*time.Second),
		Storage: blob.NewS3(blob.Config{
			Endpoint: cfg.S3Endpoint, Region: cfg.S3Region, Bucket: cfg.S3Bucket,
			AccessKey: cfg.S3AccessKey.Reveal(), SecretKey: cfg.S3SecretKey.Reveal(),
		}),
		HTTP: &http.Client{Timeout: 10 * time.Second},
	}, nil
}
