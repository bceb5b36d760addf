package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/MicahParks/jwkset"
)

const (
	maxAnswerBytes = 256 << 10
	maxKeys        = 100
)

// httpKeys is the KeySource of a key set document.
func httpKeys(client *http.Client, address string) (KeySource, error) {
	if client == nil {
		return nil, errors.New("a key set URL needs an HTTP client")
	}
	if err := checkURL(address); err != nil {
		return nil, fmt.Errorf("checking the key set URL: %w", err)
	}
	client = withoutRedirects(client)
	return func(ctx context.Context) ([]PublicKey, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, fmt.Errorf("asking for the key set: %w", err)
		}
		body, err := fetchJSON(client, req)
		if err != nil {
			return nil, fmt.Errorf("asking for the key set: %w", err)
		}
		return parseKeySet(body)
	}, nil
}

// parseKeySet passes over keys it cannot use, so that an issuer may publish new kinds beside the old ones.
func parseKeySet(body []byte) ([]PublicKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("the key set is not readable")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("the key set holds more than %d keys", maxKeys)
	}
	keys := make([]PublicKey, 0, len(set.Keys))
	for _, raw := range set.Keys {
		if key, usable := parseKey(raw); usable {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func parseKey(raw json.RawMessage) (PublicKey, bool) {
	var marshal jwkset.JWKMarshal
	if err := json.Unmarshal(raw, &marshal); err != nil {
		return PublicKey{}, false
	}
	if marshal.USE != "" && marshal.USE != jwkset.UseSig {
		return PublicKey{}, false
	}
	if len(marshal.KEYOPS) > 0 && !slices.Contains(marshal.KEYOPS, jwkset.KeyOpsVerify) {
		return PublicKey{}, false
	}
	// Certificates are not asked for: the trust is in the URL. Leaving them in would make the parser judge, or fetch, them.
	marshal.X5U, marshal.X5C, marshal.X5T, marshal.X5TS256 = "", nil, "", ""
	key, err := jwkset.NewJWKFromMarshal(marshal, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return PublicKey{}, false
	}
	algorithm := algorithmOf(key.Key())
	if algorithm == "" || (marshal.ALG != "" && marshal.ALG.String() != algorithm) {
		return PublicKey{}, false
	}
	return PublicKey{ID: marshal.KID, Key: key.Key()}, true
}

// fetchJSON returns the body of a 200 answer. Its errors name no URL and no header, for both may hold secrets.
func fetchJSON(client *http.Client, req *http.Request) ([]byte, error) {
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, &statusError{status: res.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswerBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > maxAnswerBytes {
		return nil, fmt.Errorf("the answer is larger than %d bytes", maxAnswerBytes)
	}
	return body, nil
}

// statusError is an answer other than 200.
type statusError struct{ status int }

func (e *statusError) Error() string { return fmt.Sprintf("the answer has status %d", e.status) }

func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// withoutRedirects copies the client: an address we were configured with may not send us, or a bearer token, elsewhere.
func withoutRedirects(client *http.Client) *http.Client {
	strict := *client
	strict.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if strict.Timeout == 0 || strict.Timeout > fetchTimeout {
		strict.Timeout = fetchTimeout
	}
	return &strict
}

// checkURL accepts https anywhere and http on this machine only.
func checkURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return errors.New("it is not an absolute URL without credentials")
	}
	if u.Scheme == "https" || (u.Scheme == "http" && isLoopback(u.Hostname())) {
		return nil
	}
	return errors.New("it must be https, or http on the loopback interface")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
