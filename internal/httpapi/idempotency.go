package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/postgres"
)

// What a keyed request may be refused with.
var (
	errKeyRequired = apperror.New(apperror.BadRequest, "idempotency_key_required", "Send an Idempotency-Key with this request.")
	errKeyInvalid  = apperror.New(apperror.BadRequest, "idempotency_key_invalid", "An Idempotency-Key has 1 to 200 characters.")
	errKeyMismatch = apperror.New(apperror.Invalid, "idempotency_mismatch", "This Idempotency-Key was used for another request.")
	errKeyInFlight = apperror.New(apperror.Conflict, "idempotency_in_progress", "A request with this Idempotency-Key is still running.")
)

type keyContext struct{}

// KeyMiddleware carries the Idempotency-Key header to the endpoint.
func KeyMiddleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if key := r.Header.Get("Idempotency-Key"); key != "" {
			r = r.WithContext(context.WithValue(r.Context(), keyContext{}, key))
		}
		next.ServeHTTP(w, r)
	})
}

// replay is how the stored answer leaves the transaction.
type replay struct {
	status int
	body   []byte
	etag   string
}

func (*replay) Error() string { return "replay" }

// keyed is one keyed request.
type keyed struct {
	route, client string
	key, request  [32]byte
	sealer        Sealer
}

// idempotent runs fn, in one held transaction when the request carries a key: the change and its answer are one fact.
func idempotent[I, T any](ctx context.Context, s *Server, e Endpoint, in *I, fn func(context.Context, *I) (T, error)) (*oneOutput[T], error) {
	key, _ := ctx.Value(keyContext{}).(string)
	if e.Method != http.MethodPost || e.Credential || key == "" {
		if e.KeyRequired && key == "" {
			return nil, errKeyRequired
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, err
		}
		return answer(ctx, e, out), nil
	}
	if len(key) > 200 {
		return nil, errKeyInvalid
	}
	k, err := newKeyed(ctx, s, e, key, in)
	if err != nil {
		return nil, err
	}
	held, unit := postgres.Hold(ctx, k.begin)
	settled := false
	// A use case that panics must not keep the connection. The panic goes on, and its answer is the edge's.
	defer func() {
		if !settled {
			_ = unit.Abandon(ctx)
		}
	}()
	out, err := settle(ctx, e, k, unit, func() (T, error) { return fn(held, in) })
	settled = true
	return out, err
}

// settle runs the use case of a keyed request and commits it together with its stored answer.
func settle[T any](ctx context.Context, e Endpoint, k *keyed, unit *postgres.Unit, fn func() (T, error)) (*oneOutput[T], error) {
	out, err := fn()
	if err != nil {
		return replayed[T](ctx, unit, err)
	}
	result := answer(ctx, e, out)
	body, err := json.Marshal(result.Body)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("encode answer: %w", err), unit.Abandon(ctx))
	}
	_, err = unit.Finish(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		return k.finish(ctx, tx, result.Status, body, result.ETag)
	})
	if err != nil {
		return nil, errors.Join(err, unit.Abandon(ctx))
	}
	result.Body.raw = body
	return result, nil
}

// replayed answers the stored answer when fn met one; any other error undoes the request and is not stored, so that a retry
// is a new attempt.
func replayed[T any](ctx context.Context, unit *postgres.Unit, err error) (*oneOutput[T], error) {
	abandoned := unit.Abandon(ctx)
	var stored *replay
	if !errors.As(err, &stored) {
		return nil, errors.Join(err, abandoned)
	}
	return &oneOutput[T]{Status: stored.status, ETag: stored.etag, Replayed: "true", Body: Envelope[T]{raw: stored.body}}, abandoned
}

func answer[T any](ctx context.Context, e Endpoint, out T) *oneOutput[T] {
	status := e.Status
	if chosen, ok := any(out).(StatusOf); ok {
		status = chosen.HTTPStatus()
	}
	return &oneOutput[T]{Status: status, ETag: etag(out), Body: Envelope[T]{Data: out, Meta: metaOf(ctx)}}
}

func newKeyed(ctx context.Context, s *Server, e Endpoint, key string, in any) (*keyed, error) {
	request, err := json.Marshal(inputFields(in))
	if err != nil {
		return nil, fmt.Errorf("hash request: %w", err)
	}
	r := auth.RequestOf(ctx)
	client := r.ClientID
	if client == "" {
		client = r.IP
	}
	principal, _ := auth.From(ctx)
	if principal.Kind == auth.ActorKey {
		client = principal.AccessKeyID.String()
	}
	return &keyed{
		route: e.ID, client: "client:" + client, key: sha256.Sum256([]byte(key)),
		request: sha256.Sum256(request), sealer: s.deps.Sealer,
	}, nil
}

// inputFields collects what makes two requests equal: path, query and body, not the headers that guard a retry.
func inputFields(in any) map[string]any {
	out := map[string]any{}
	v := reflect.Indirect(reflect.ValueOf(in))
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Tag.Get("header") != "" {
			continue
		}
		out[field.Name] = v.Field(i).Interface()
	}
	return out
}

func (k *keyed) begin(ctx context.Context, tx *postgres.Tx) error {
	var (
		state    string
		status   *int
		response []byte
		tag      *string
		version  *int32
	)
	err := tx.QueryRow(ctx, "SELECT state, status, response, response_etag, key_version FROM idempotency_begin($1, $2, $3, $4)",
		k.route, k.client, k.key[:], k.request[:]).Scan(&state, &status, &response, &tag, &version)
	if postgres.Code(err) == "55P03" {
		return errKeyInFlight
	}
	if err != nil {
		return fmt.Errorf("begin keyed request: %w", err)
	}
	switch {
	case state == "new":
		return nil
	case state == "mismatch":
		return errKeyMismatch
	case status == nil || version == nil:
		return errKeyInFlight
	}
	plain, err := k.sealer.OpenAnswer(tx.Principal.OrgID.String(), hex.EncodeToString(k.key[:]), response, *version)
	if err != nil {
		return fmt.Errorf("open stored answer: %w", err)
	}
	stored := &replay{status: *status, body: plain}
	if tag != nil {
		stored.etag = *tag
	}
	return stored
}

func (k *keyed) finish(ctx context.Context, tx *postgres.Tx, status int, body []byte, tag string) error {
	cipher, version, err := k.sealer.SealAnswer(tx.Principal.OrgID.String(), hex.EncodeToString(k.key[:]), body)
	if err != nil {
		return fmt.Errorf("seal answer: %w", err)
	}
	_, err = tx.Exec(ctx, "SELECT idempotency_finish($1, $2, $3, $4, $5, NULLIF($6, ''), $7)",
		k.route, k.client, k.key[:], status, cipher, tag, version)
	if err != nil {
		return fmt.Errorf("finish keyed request: %w", err)
	}
	return nil
}

// stripHuma keeps huma.Context out of the domain: nothing here returns it.
var _ huma.StatusError = (*Problem)(nil)
