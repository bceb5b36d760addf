package apitest

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Opening records an answer and of a stream only its beginning: then it hangs up, so that the call ends. HangUp must end the context of
// the request.
type Opening struct {
	*httptest.ResponseRecorder
	HangUp context.CancelFunc
}

// Flush implements http.Flusher.
func (o Opening) Flush() {
	o.ResponseRecorder.Flush()
	if o.Header().Get("Content-Type") == "text/event-stream" {
		o.HangUp()
	}
}

// Push is one server-sent event as a client reads it.
type Push struct {
	ID, Event string
	Data      struct {
		ID             string          `json:"id"`
		Type           string          `json:"type"`
		At             time.Time       `json:"at"`
		OrganizationID string          `json:"organization_id"`
		Data           json.RawMessage `json:"data"`
	}
}

// Stream is a stream that a client reads.
type Stream struct {
	// Refused is the answer of a stream that was not opened; its Status is 200 otherwise.
	Refused Answer
	// Opening is the place that the stream named before its first push.
	Opening string
	api     *API
	pushes  chan Push
	hangUp  context.CancelFunc
}

// Follow opens a stream and reads it until Close or the end of the test.
func (c Client) Follow(path string) *Stream {
	c.api.t.Helper()
	ctx, hangUp := context.WithCancel(context.WithoutCancel(c.api.t.Context()))
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	r.RemoteAddr = c.api.nextPeer()
	for name, values := range c.header {
		r.Header[name] = values
	}
	in, out := io.Pipe()
	w := &pipeWriter{header: http.Header{}, out: out, begun: make(chan struct{})}
	over := make(chan struct{})
	go func() {
		defer close(over)
		c.api.Handler.ServeHTTP(w, r)
		w.WriteHeader(http.StatusOK)
		_ = out.Close() // a pipe's writer always closes
	}()
	c.api.t.Cleanup(func() {
		hangUp()
		_ = in.Close()
		<-over
	})
	<-w.begun
	s := &Stream{
		Refused: Answer{Status: w.status, Header: w.header, t: c.api.t, call: "GET " + path},
		api:     c.api, pushes: make(chan Push, 2000), hangUp: hangUp,
	}
	reader := bufio.NewReader(in)
	if w.status != http.StatusOK {
		body, _ := io.ReadAll(reader) // a refusal that breaks off shows in its text
		s.Refused.Raw = string(body)
		c.api.observe(r, s.Refused)
		return s
	}
	c.api.observe(r, s.Refused)
	first := readBlock(reader)
	s.Opening = first["id"]
	go s.read(reader)
	return s
}

func (s *Stream) read(r *bufio.Reader) {
	defer close(s.pushes)
	for {
		block := readBlock(r)
		if block == nil {
			return
		}
		if block["event"] == "" {
			continue
		}
		p := Push{ID: block["id"], Event: block["event"]}
		if err := json.Unmarshal([]byte(block["data"]), &p.Data); err != nil {
			s.api.t.Errorf("push does not decode: %v: %q", err, block["data"])
		}
		s.pushes <- p
	}
}

// readBlock reads the lines up to an empty one; nil at the end of the stream.
func readBlock(r *bufio.Reader) map[string]string {
	out := map[string]string{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return out
		}
		name, value, _ := strings.Cut(line, ": ")
		out[name] = value
	}
}

// Next waits for a push; false when the stream has ended.
func (s *Stream) Next() (Push, bool) {
	s.api.t.Helper()
	select {
	case p, open := <-s.pushes:
		return p, open
	case <-time.After(time.Minute):
		s.api.t.Fatal("a minute passed without a push and without an end")
		return Push{}, false
	}
}

// Until reads up to and including the first push of the type; false when the stream ended before.
func (s *Stream) Until(event string) (Push, bool) {
	s.api.t.Helper()
	for {
		p, open := s.Next()
		if !open || p.Event == event {
			return p, open
		}
	}
}

// Close hangs up.
func (s *Stream) Close() { s.hangUp() }

// pipeWriter is a response that is read while it is written.
type pipeWriter struct {
	header http.Header
	out    *io.PipeWriter
	once   sync.Once
	status int
	begun  chan struct{}
}

// Header implements http.ResponseWriter.
func (w *pipeWriter) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *pipeWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status = status
		close(w.begun)
	})
}

// Write implements http.ResponseWriter.
func (w *pipeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.out.Write(b)
}

// Flush implements http.Flusher.
func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }
