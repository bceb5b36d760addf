package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

const streamType = "text/event-stream"

// PushBody is the data of every push.
type PushBody struct {
	ID             string          `json:"id"`
	Type           string          `json:"type"`
	At             time.Time       `json:"at"`
	OrganizationID ident.OrgID     `json:"organization_id"`
	Data           json.RawMessage `json:"data"`
}

// Stream registers an endpoint that answers server-sent events until its client, its caller's right to listen or the process
// ends. open refuses like any use case, before the first byte.
func Stream[I any](s *Server, e Endpoint, open func(context.Context, *I) (Source, error)) {
	op := s.register(&e, http.StatusOK)
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[PushBody](), true, "push")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Server-sent events: id, event and data lines; a comment every 15 seconds. The schema is that of one event's data.",
		Content:     map[string]*huma.MediaType{streamType: {Schema: schema}},
	}}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		ctx = endless(ctx)
		seat, err := s.sit(ctx)
		if err != nil {
			return nil, s.problem(ctx, e, err)
		}
		source, err := open(ctx, in)
		if err != nil {
			seat.Leave(ctx)
			return nil, s.problem(ctx, e, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			after := context.WithoutCancel(ctx)
			defer seat.Leave(after)
			defer source.Close(after)
			r, w := humachi.Unwrap(hc)
			s.stream(ctx, e, &wire{w: w, control: http.NewResponseController(w)}, r.WithContext(ctx), source, seat)
		}}, nil
	})
}

// CloseStreams ends every stream and tells its client to come back: the process is about to stop. Calling it twice is a mistake of
// the program.
func (s *Server) CloseStreams() { close(s.closing) }

type endlessKey struct{}

// KeepEndless remembers the context from before a request's deadline, because a stream has none.
func KeepEndless(ctx context.Context) context.Context {
	return context.WithValue(ctx, endlessKey{}, ctx)
}

// endlessContext ends when the client hangs up and knows everything that the request's context knows.
type endlessContext struct {
	context.Context
	values context.Context //nolint:containedctx // two contexts are joined here
}

// Value implements context.Context.
func (c endlessContext) Value(key any) any { return c.values.Value(key) }

func endless(ctx context.Context) context.Context {
	if outer, ok := ctx.Value(endlessKey{}).(context.Context); ok {
		return endlessContext{Context: outer, values: ctx}
	}
	return ctx
}

// sit takes one of the caller's seats: five streams for a person, ten for an address.
func (s *Server) sit(ctx context.Context) (Seat, error) {
	p, _ := auth.From(ctx)
	holder, most := "user:"+p.UserID.String(), streamsPerUser
	if !p.Authenticated {
		holder, most = "ip:"+auth.RequestOf(ctx).IP, streamsPerAddress
	}
	seat, ok := s.deps.Seats.Take(ctx, holder, most)
	if !ok {
		return nil, apperror.ErrRateLimited.With("retry_after", int(Retry/time.Second))
	}
	return seat, nil
}

// arrival is what the source answered.
type arrival struct {
	push Push
	err  error
}

// stream writes until something ends it.
func (s *Server) stream(ctx context.Context, e Endpoint, w *wire, r *http.Request, source Source, seat Seat) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	arrivals := make(chan arrival)
	go func() {
		for {
			push, err := source.Next(ctx)
			select {
			case arrivals <- arrival{push, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	beat, recheck := time.NewTicker(Heartbeat), time.NewTicker(Recheck)
	defer beat.Stop()
	defer recheck.Stop()
	err := w.open(source.Opening())
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case <-s.closing:
			err = errors.Join(w.retry(), errEnded)
		case a := <-arrivals:
			if err = a.err; err == nil {
				err = w.push(a.push)
			}
		case <-beat.C:
			seat.Renew(ctx)
			err = w.write(": hb\n\n")
		case <-recheck.C:
			err = s.recheck(r, e, w)
		}
	}
}

// errEnded ends a stream that has nothing more to say.
var errEnded = errors.New("stream ended")

// recheck asks again what the guard asked at the beginning. A dependency that is away ends nothing: nobody's rights can change
// while the database does not answer.
func (s *Server) recheck(r *http.Request, e Endpoint, w *wire) error {
	was, _ := auth.From(r.Context())
	if !was.ExpiresAt.IsZero() && !s.deps.Now().Before(was.ExpiresAt) {
		return errors.Join(w.expired(s.deps.Now(), was.OrgID), errEnded)
	}
	is, err := s.deps.Auth.Authenticate(r, e.Audience)
	if err == nil {
		err = permit(e, is)
	}
	var declared *apperror.Error
	switch {
	case err == nil && is.Role == was.Role && is.OrgID == was.OrgID && is.UserID == was.UserID:
		return nil
	case err == nil:
		return errEnded
	case !errors.As(err, &declared), declared.Kind == apperror.Unavailable, declared.Kind == apperror.Internal:
		return nil
	case declared.Kind == apperror.Unauthorized:
		return errors.Join(w.expired(s.deps.Now(), was.OrgID), errEnded)
	}
	return errEnded
}

// wire writes the text of a stream and flushes it. Its write deadline moves with every write, and the deadline for reading
// the request is taken away: both would otherwise end a stream that is only quiet.
type wire struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (w *wire) open(at string) error {
	// A writer without deadlines (a test's recorder) has none that could end the stream.
	_ = w.control.SetReadDeadline(time.Time{})
	h := w.w.Header()
	h.Set("Content-Type", streamType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.w.WriteHeader(http.StatusOK)
	if at == "" {
		return w.retry()
	}
	return w.write("retry: 3000\nid: " + at + "\n\n")
}

func (w *wire) retry() error { return w.write("retry: 3000\n\n") }

func (w *wire) push(p Push) error {
	text := "event: " + p.Event + "\ndata: " + string(p.Data) + "\n\n"
	if p.ID != "" {
		text = "id: " + p.ID + "\n" + text
	}
	return w.write(text)
}

func (w *wire) expired(now time.Time, org ident.OrgID) error {
	data, err := json.Marshal(PushBody{Type: "auth_expired", At: now.UTC().Truncate(time.Millisecond), OrganizationID: org, Data: json.RawMessage("{}")})
	if err != nil {
		return err
	}
	return w.push(Push{Event: "auth_expired", Data: data})
}

// write gives the peer ten seconds. The deadline is set by a timer, so that it does not depend on the process clock, which tests move.
func (w *wire) write(text string) error {
	giveUp := time.AfterFunc(writePatience, func() { _ = w.control.SetWriteDeadline(time.Unix(1, 0)) })
	defer giveUp.Stop()
	if _, err := w.w.Write([]byte(text)); err != nil {
		return err
	}
	return w.control.Flush()
}
