package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	discoveryPath = "/.well-known/openid-configuration"
	// rediscoverAfter bounds how long a moved key set or userinfo endpoint goes unnoticed.
	rediscoverAfter = time.Hour
)

// OIDCConfig configures the oidc driver.
type OIDCConfig struct {
	// Issuer is the exact iss; the discovery document lies under it and must repeat it.
	Issuer string
	// Audiences, AuthorizedParties, RequireSessionID and Claims are as in IssuerConfig.
	Audiences         []string
	AuthorizedParties []string
	RequireSessionID  bool
	Claims            ClaimMap
	// Algorithms pins the algorithms; empty means RS256, the one every provider must have.
	Algorithms []string
}

// OIDC is the driver of any OpenID Connect issuer that gives JWT access tokens. It discovers the provider's addresses
// when they are first needed, so a provider that is down does not stop the process from starting. It is safe for
// concurrent use.
type OIDC struct {
	config OIDCConfig
	client *http.Client
	now    func() time.Time

	mu         sync.Mutex
	provider   provider
	discovered time.Time
}

// provider is what we use of a discovery document.
type provider struct {
	Issuer      string `json:"issuer"`
	JWKSURL     string `json:"jwks_uri"`
	UserinfoURL string `json:"userinfo_endpoint"`
}

// NewOIDC checks the configuration and calls nobody.
func NewOIDC(config OIDCConfig, client *http.Client, now func() time.Time) (*OIDC, error) {
	if err := checkURL(config.Issuer); err != nil {
		return nil, fmt.Errorf("configuring an OpenID Connect issuer: %w", err)
	}
	if client == nil || now == nil {
		return nil, errors.New("configuring an OpenID Connect issuer: an HTTP client and a clock are needed")
	}
	if len(config.Algorithms) == 0 {
		config.Algorithms = []string{"RS256"}
	}
	config.Claims = config.Claims.withDefaults()
	return &OIDC{config: config, client: withoutRedirects(client), now: now}, nil
}

// IssuerConfig is the provider's row for the Verifier.
func (o *OIDC) IssuerConfig() IssuerConfig {
	return IssuerConfig{
		Issuer:            o.config.Issuer,
		Keys:              o.keys,
		Algorithms:        o.config.Algorithms,
		Audiences:         o.config.Audiences,
		AuthorizedParties: o.config.AuthorizedParties,
		RequireSessionID:  o.config.RequireSessionID,
		Claims:            o.config.Claims,
	}
}

// Details returns id unchanged when the token named an e-mail, and asks the userinfo endpoint otherwise. A provider
// without that endpoint leaves the e-mail empty.
func (o *OIDC) Details(ctx context.Context, id Identity, token string) (Identity, error) {
	if id.Email != "" {
		return id, nil
	}
	ctx, cancel := context.WithTimeout(ctx, backendTimeout)
	defer cancel()
	found, err := o.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	if found.UserinfoURL == "" {
		return id, nil
	}
	claims, err := o.userinfo(ctx, found.UserinfoURL, token)
	if err != nil {
		return Identity{}, fmt.Errorf("asking for userinfo: %w", err)
	}
	// OpenID Connect Core 5.3.2: an answer about somebody else must not be used.
	if subject, _ := claims["sub"].(string); subject != id.Subject {
		return Identity{}, fmt.Errorf("asking for userinfo: %w", refuse(ReasonSubject))
	}
	o.config.Claims.readPerson(claims, &id)
	return id, nil
}

func (o *OIDC) userinfo(ctx context.Context, address, token string) (map[string]any, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	body, err := fetchJSON(o.client, req)
	if answer, ok := errors.AsType[*statusError](err); ok {
		if answer.status == http.StatusUnauthorized || answer.status == http.StatusForbidden || answer.status == http.StatusNotFound {
			return nil, refuse(ReasonGone)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	claims, err := strictObject(body)
	if err != nil {
		return nil, fmt.Errorf("%w: the answer is not readable", ErrUnavailable)
	}
	return claims, nil
}

// keys is the KeySource: it goes through discovery, so that a provider may move its key set. A key set that cannot be
// had makes the next attempt discover anew.
func (o *OIDC) keys(ctx context.Context) ([]PublicKey, error) {
	found, err := o.discover(ctx)
	if err != nil {
		return nil, err
	}
	source, err := httpKeys(o.client, found.JWKSURL)
	if err != nil {
		return nil, err
	}
	keys, err := source(ctx)
	if err != nil {
		o.forget()
		return nil, err
	}
	return keys, nil
}

func (o *OIDC) discover(ctx context.Context) (provider, error) {
	o.mu.Lock()
	known, age := o.provider, o.now().Sub(o.discovered)
	o.mu.Unlock()
	if known.JWKSURL != "" && age < rediscoverAfter {
		return known, nil
	}
	found, err := o.readDiscovery(ctx)
	if err != nil {
		return provider{}, fmt.Errorf("discovering the issuer: %w", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.provider, o.discovered = found, o.now()
	return found, nil
}

func (o *OIDC) readDiscovery(ctx context.Context) (provider, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(o.config.Issuer, "/")+discoveryPath, nil)
	if err != nil {
		return provider{}, fmt.Errorf("making the request: %w", err)
	}
	body, err := fetchJSON(o.client, req)
	if err != nil {
		return provider{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	var found provider
	if err := json.Unmarshal(body, &found); err != nil {
		return provider{}, fmt.Errorf("%w: the document is not readable", ErrUnavailable)
	}
	if found.Issuer != o.config.Issuer {
		return provider{}, fmt.Errorf("%w: the document names another issuer", ErrUnavailable)
	}
	if err := checkURL(found.JWKSURL); err != nil {
		return provider{}, fmt.Errorf("%w: checking jwks_uri: %w", ErrUnavailable, err)
	}
	if found.UserinfoURL != "" {
		if err := checkURL(found.UserinfoURL); err != nil {
			return provider{}, fmt.Errorf("%w: checking userinfo_endpoint: %w", ErrUnavailable, err)
		}
	}
	return found, nil
}

func (o *OIDC) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.provider = provider{}
}
