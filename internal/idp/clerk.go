package idp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/invitation"
	"github.com/clerk/clerk-sdk-go/v2/user"
	"golang.org/x/sync/singleflight"
)

const (
	backendTimeout = 5 * time.Second
	// rememberFor lets a burst of first requests of one person cost one call. Long enough for the burst, too short for
	// anybody to notice a change of name.
	rememberFor   = 30 * time.Second
	maxRemembered = 1000
)

// ClerkConfig configures the clerk driver.
type ClerkConfig struct {
	// Issuer is the exact iss of the instance, for example https://clerk.example.com.
	Issuer string
	// JWKSURL is the instance's key set, normally Issuer + "/.well-known/jwks.json".
	JWKSURL string
	// SecretKey opens the Backend API. It is sent to APIURL only.
	SecretKey string
	// APIURL is the base of the Backend API with its version; empty means Clerk's own.
	APIURL string
	// AuthorizedParties are the origins of our apps; session tokens name the one they were made for in azp.
	AuthorizedParties []string
}

// Clerk is the clerk driver. Session tokens go through our Verifier and Clerk's SDK is used for its Backend API only:
// the SDK checks the issuer by prefix, prolongs its key cache with every use and passes malformed tokens as anonymous.
// It is safe for concurrent use.
type Clerk struct {
	config      ClerkConfig
	now         func() time.Time
	users       *user.Client
	invitations *invitation.Client

	calls      singleflight.Group
	mu         sync.Mutex
	remembered map[string]rememberedPerson
}

type rememberedPerson struct {
	person Identity
	until  time.Time
}

// NewClerk checks the configuration and calls nobody.
func NewClerk(config ClerkConfig, client *http.Client, now func() time.Time) (*Clerk, error) {
	if config.APIURL == "" {
		config.APIURL = clerk.APIURL
	}
	if config.SecretKey == "" {
		return nil, errors.New("configuring clerk: the secret key is empty")
	}
	if client == nil || now == nil {
		return nil, errors.New("configuring clerk: an HTTP client and a clock are needed")
	}
	if err := checkURL(config.APIURL); err != nil {
		return nil, fmt.Errorf("configuring clerk: checking the API URL: %w", err)
	}
	bounded := withoutRedirects(client)
	bounded.Transport = boundedTransport{bounded.Transport}
	// The SDK writes defaults into the configuration it is given, so each client gets its own.
	backend := func() *clerk.ClientConfig {
		return &clerk.ClientConfig{BackendConfig: clerk.BackendConfig{
			HTTPClient: bounded, URL: &config.APIURL, Key: &config.SecretKey,
		}}
	}
	return &Clerk{
		config:      config,
		now:         now,
		users:       user.NewClient(backend()),
		invitations: invitation.NewClient(backend()),
		remembered:  make(map[string]rememberedPerson),
	}, nil
}

// IssuerConfig is Clerk's row for the Verifier. Template tokens carry no sid and are refused: they live as long as
// whoever wrote the template liked.
func (c *Clerk) IssuerConfig() IssuerConfig {
	return IssuerConfig{
		Issuer:            c.config.Issuer,
		JWKSURL:           c.config.JWKSURL,
		Algorithms:        []string{"RS256"},
		AuthorizedParties: c.config.AuthorizedParties,
		RequireSessionID:  true,
	}
}

// Details asks the Backend API for primary e-mail, its verification and the name. Calls for one subject at one time are
// one call, whose answer is remembered for 30 s once the e-mail is verified.
func (c *Clerk) Details(ctx context.Context, id Identity, _ string) (Identity, error) {
	if person, known := c.recall(id.Subject); known {
		return person.completing(id), nil
	}
	result := c.calls.DoChan(id.Subject, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backendTimeout)
		defer cancel()
		return c.fetch(ctx, id.Subject)
	})
	select {
	case answer := <-result:
		if answer.Err != nil {
			return Identity{}, answer.Err
		}
		found, ok := answer.Val.(Identity)
		if !ok {
			return Identity{}, fmt.Errorf("asking clerk for a user: unexpected %T", answer.Val)
		}
		return found.completing(id), nil
	case <-ctx.Done():
		return Identity{}, fmt.Errorf("asking clerk for a user: %w", ctx.Err())
	}
}

// Invite lets Clerk write to that address; the link leads to redirectURL after sign-up. Inviting an address twice, or
// one that has an account already, is no error: the person then signs in and is linked by the verified address.
func (c *Clerk) Invite(ctx context.Context, email, redirectURL string) error {
	ctx, cancel := context.WithTimeout(ctx, backendTimeout)
	defer cancel()
	_, err := c.invitations.Create(ctx, &invitation.CreateParams{
		EmailAddress: email, RedirectURL: &redirectURL, Notify: clerk.Bool(true), IgnoreExisting: clerk.Bool(true),
	})
	if err != nil {
		return fmt.Errorf("inviting by clerk: %w", backendError(err))
	}
	return nil
}

func (c *Clerk) fetch(ctx context.Context, subject string) (Identity, error) {
	// A subject becomes part of a path with the secret key in the header: only what Clerk itself makes goes out.
	if strings.IndexFunc(subject, func(r rune) bool { return !isAlphanumeric(r) && r != '_' && r != '-' }) >= 0 {
		return Identity{}, refuse(ReasonSubject)
	}
	found, err := c.users.Get(ctx, subject)
	if err != nil {
		return Identity{}, fmt.Errorf("asking clerk for a user: %w", backendError(err))
	}
	if found.ID != subject || found.Banned {
		return Identity{}, fmt.Errorf("asking clerk for a user: %w", refuse(ReasonGone))
	}
	person := personOf(found)
	if person.EmailVerified {
		c.remember(subject, person)
	}
	return person, nil
}

func personOf(found *clerk.User) Identity {
	var person Identity
	for _, address := range found.EmailAddresses {
		if address != nil && found.PrimaryEmailAddressID != nil && address.ID == *found.PrimaryEmailAddressID {
			person.Email = address.EmailAddress
			person.EmailVerified = person.Email != "" && address.Verification != nil && address.Verification.Status == "verified"
		}
	}
	var names []string
	for _, name := range []*string{found.FirstName, found.LastName} {
		if name != nil && *name != "" {
			names = append(names, *name)
		}
	}
	person.Name = strings.Join(names, " ")
	return person
}

// completing returns id with the person's e-mail and name.
func (i Identity) completing(id Identity) Identity {
	id.Email, id.EmailVerified, id.Name = i.Email, i.EmailVerified, i.Name
	return id
}

func (c *Clerk) recall(subject string) (Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, known := c.remembered[subject]
	return entry.person, known && c.now().Before(entry.until)
}

func (c *Clerk) remember(subject string, person Identity) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for known, entry := range c.remembered {
		if !now.Before(entry.until) {
			delete(c.remembered, known)
		}
	}
	if len(c.remembered) < maxRemembered {
		c.remembered[subject] = rememberedPerson{person: person, until: now.Add(rememberFor)}
	}
}

// backendError maps the SDK's error to ours and keeps the status alone: the SDK's text may be the whole answer, with
// whatever it says about the person.
func backendError(err error) error {
	answer, isAnswer := errors.AsType[*clerk.APIErrorResponse](err)
	switch {
	case !isAnswer && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return fmt.Errorf("%w: no answer in time", ErrUnavailable)
	case !isAnswer:
		return fmt.Errorf("%w: no readable answer", ErrUnavailable)
	case answer.HTTPStatusCode == http.StatusNotFound:
		return refuse(ReasonGone)
	case answer.HTTPStatusCode == http.StatusTooManyRequests || answer.HTTPStatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%w: status %d", ErrUnavailable, answer.HTTPStatusCode)
	default:
		// Wrong secret key, refused address: nothing that asking again would mend.
		return &statusError{status: answer.HTTPStatusCode}
	}
}

// boundedTransport limits the size of answers, which the SDK reads whole.
type boundedTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t boundedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	res, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	res.Body = boundedBody{Reader: io.LimitReader(res.Body, maxAnswerBytes), Closer: res.Body}
	return res, nil
}

type boundedBody struct {
	io.Reader
	io.Closer
}
