package idp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// leeway forgives clocks that differ, for exp, nbf and iat alike.
const leeway = 60 * time.Second

var supportedAlgorithms = []string{"RS256", "ES256", "EdDSA"} //nolint:gochecknoglobals // never written

// Verifier tells who the bearer of a token is. It is safe for concurrent use and lives as long as the process.
type Verifier struct {
	issuers map[string]*issuer
}

// issuer is one row of configuration with the machinery that follows from it.
type issuer struct {
	config    IssuerConfig
	parser    *jwt.Parser
	validator *jwt.Validator
	keys      *keyCache
}

// Deps is what a Verifier needs from outside.
type Deps struct {
	// Client fetches key sets; needed only when an issuer has a JWKSURL. Its own timeout applies besides ours of 5 s.
	Client *http.Client
	// Now is the clock of every decision about age.
	Now func() time.Time
	// Log receives one warning for each failed fetch of keys; nil means silence.
	Log *slog.Logger
}

// NewVerifier checks the configuration of every issuer and reports all its faults together. It fetches nothing: keys
// come with the first token, so an issuer that is down does not stop the process from starting.
func NewVerifier(issuers []IssuerConfig, deps Deps) (*Verifier, error) {
	if deps.Now == nil {
		return nil, errors.New("token verifier needs a clock")
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	v := &Verifier{issuers: make(map[string]*issuer, len(issuers))}
	var faults []error
	for _, config := range issuers {
		if _, twice := v.issuers[config.Issuer]; twice {
			faults = append(faults, fmt.Errorf("issuer %q is configured twice", config.Issuer))
			continue
		}
		i, err := newIssuer(config, deps)
		if err != nil {
			faults = append(faults, fmt.Errorf("configuring issuer %q: %w", config.Issuer, err))
			continue
		}
		v.issuers[config.Issuer] = i
	}
	return v, errors.Join(faults...)
}

func newIssuer(config IssuerConfig, deps Deps) (*issuer, error) {
	if err := checkConfig(config); err != nil {
		return nil, err
	}
	source := config.Keys
	if source == nil {
		httpSource, err := httpKeys(deps.Client, config.JWKSURL)
		if err != nil {
			return nil, err
		}
		source = httpSource
	}
	config.Claims = config.Claims.withDefaults()
	return &issuer{
		config: config,
		parser: jwt.NewParser(
			jwt.WithValidMethods(config.Algorithms),
			jwt.WithStrictDecoding(),
			// The validator below decides, so that its verdict can be weighed against ours.
			jwt.WithoutClaimsValidation(),
		),
		validator: jwt.NewValidator(
			jwt.WithIssuer(config.Issuer),
			jwt.WithAudience(config.Audiences...),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithLeeway(leeway),
			jwt.WithTimeFunc(deps.Now),
		),
		keys: newKeyCache(source, deps.Now, deps.Log.With("issuer", config.Issuer)),
	}, nil
}

func checkConfig(config IssuerConfig) error {
	var faults []error
	if config.Issuer == "" {
		faults = append(faults, errors.New("the issuer has no name"))
	}
	if (config.JWKSURL == "") == (config.Keys == nil) {
		faults = append(faults, errors.New("exactly one of key set URL and key source must be given"))
	}
	if len(config.Algorithms) == 0 {
		faults = append(faults, errors.New("no algorithm is pinned"))
	}
	for _, algorithm := range config.Algorithms {
		if !slices.Contains(supportedAlgorithms, algorithm) {
			faults = append(faults, fmt.Errorf("algorithm %q is not one of %v", algorithm, supportedAlgorithms))
		}
	}
	if len(config.Audiences) == 0 && len(config.AuthorizedParties) == 0 {
		faults = append(faults, errors.New("neither audiences nor authorized parties are given: any token of the issuer would do"))
	}
	if slices.Contains(config.Audiences, "") || slices.Contains(config.AuthorizedParties, "") {
		faults = append(faults, errors.New("an audience or authorized party is empty"))
	}
	return errors.Join(faults...)
}

// Verify returns who the bearer is, or a refusal (ErrInvalidToken, see ReasonOf), or ErrUnavailable. It waits for a
// fetch of keys, at most 5 s and never beyond ctx, only when no usable key is at hand.
func (v *Verifier) Verify(ctx context.Context, token string) (Identity, error) {
	form, reason := inspect(token)
	if reason != ReasonNone {
		return Identity{}, refuse(reason)
	}
	i, trusted := v.issuers[form.issuer]
	if !trusted {
		return Identity{}, refuse(ReasonIssuer)
	}
	if !slices.Contains(i.config.Algorithms, form.algorithm) {
		return Identity{}, refuse(ReasonAlgorithm)
	}
	return i.verify(ctx, token, keyName{id: form.keyID, algorithm: form.algorithm})
}

func (i *issuer) verify(ctx context.Context, token string, name keyName) (Identity, error) {
	key, err := i.keys.find(ctx, name)
	if err != nil {
		return Identity{}, err
	}
	claims := jwt.MapClaims{}
	if _, err := i.parser.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		return Identity{}, refuse(reasonOfParse(err))
	}
	id, reason := i.identity(claims)
	if reason != ReasonNone {
		return Identity{}, refuse(reason)
	}
	if err := i.validator.Validate(claims); err != nil {
		return Identity{}, refuse(reasonOfClaims(err))
	}
	return id, nil
}

func reasonOfParse(err error) Reason {
	if errors.Is(err, jwt.ErrTokenMalformed) {
		return ReasonMalformed
	}
	return ReasonSignature
}
