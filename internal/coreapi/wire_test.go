package coreapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// tricks are ways to send a body that the request line and the headers do not keep their promise about. {length} stands for the length of
// the body, {body} for it.
func tricks() map[string]string {
	return map[string]string{
		"chunks":                  "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
		"a chunk of another size": "Transfer-Encoding: chunked\r\n\r\n9\r\n{}\r\n0\r\n\r\n",
		"no number of a chunk":    "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
		"a negative chunk":        "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
		"an endless number":       "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
		"a long extension":        "Transfer-Encoding: chunked\r\n\r\n2;" + strings.Repeat("x", 5_000) + "\r\n{}\r\n0\r\n\r\n",
		"chunks that end early":   "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
		"a trailer":               "Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
		"both lengths":            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"two lengths":             "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"a length too long":       "Content-Length: 20\r\n\r\n{}",
		"a length too short":      "Content-Length: 1\r\n\r\n{}",
		"a negative length":       "Content-Length: -1\r\n\r\n{}",
		"another encoding":        "Transfer-Encoding: gzip\r\n\r\n{}",
		"a folded header":         "X-App: clinic\r\n portal\r\nContent-Length: 2\r\n\r\n{}",
		"a header without a name": ": x\r\nContent-Length: 2\r\n\r\n{}",
		"NUL in a header":         "X-App: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
		"very large headers":      "X-App: " + strings.Repeat("a", 64<<10) + "\r\nContent-Length: 2\r\n\r\n{}",
		"two bodies":              "Content-Length: 2\r\n\r\n{}{\"role\":\"superadmin\"}",
		"a promise to wait":       "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
		"another promise":         "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}",
	}
}

// serveLive serves the API as the process does and answers its address.
func serveLive(t *testing.T, api *apitest.API) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- api.App.ServeOn(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("server ended with %v", err)
		}
	})
	return l.Addr().String()
}

// rawCall is one trick on one operation.
type rawCall struct {
	operation operation
	trick     string
	text      string
}

// exchangeAll sends the calls, some at once because a server waits for what a trick withholds, and answers in their order.
func exchangeAll(t *testing.T, address string, calls []rawCall) []*reply {
	t.Helper()
	out := make([]*reply, len(calls))
	var running sync.WaitGroup
	places := make(chan struct{}, 16)
	for i, c := range calls {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			out[i] = exchangeRaw(t, address, c.text, c.trick == "chunks that end early" || c.trick == "a length too long")
		})
	}
	running.Wait()
	return out
}

// exchangeRaw sends bytes and reads one answer; nil when the server hung up without one.
func exchangeRaw(t *testing.T, address, text string, short bool) *reply {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Error(err)
		return nil
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return nil
	}
	// A server may wait for the rest of a body that is too short; it is told that nothing more comes. Anywhere else that would be a caller who
	// hangs up, whose request is given up.
	if tcp, ok := conn.(*net.TCPConn); ok && short {
		_ = tcp.CloseWrite()
	}
	reader := bufio.NewReader(conn)
	for {
		r, err := http.ReadResponse(reader, nil)
		if err != nil {
			return nil
		}
		body, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if r.StatusCode != http.StatusContinue {
			return &reply{r.StatusCode, r.Header, body}
		}
	}
}

// wireFault says what is wrong with an answer to a trick: none may be served by mistake as something else, and what reached the API is
// answered in its shape. What is no HTTP is refused by the protocol's server before the API sees it, without a shape.
func (f *fuzzer) wireFault(o operation, r *reply) string {
	if r == nil || r.header.Get("X-Request-Id") == "" && r.status >= 400 && r.status < 500 || r.status == http.StatusNotImplemented || r.status == http.StatusExpectationFailed {
		return ""
	}
	return strings.Join(f.judge(o, *r), "; ")
}

// I-1 on the wire: every operation with a body is sent bodies that break HTTP's own rules, through the real server. Nothing is a server error,
// and what the API answers is valid against the document. Seen red: a server error is counted.
func TestWire_brokenBodies(t *testing.T) {
	t.Parallel()
	f := newFuzzer(newWorld(t, generous(t, apitest.Options{Quiet: true})))
	address, token := serveLive(t, f.api), f.a.Admin.Token(t)
	var calls []rawCall
	for _, o := range f.doc.operations() {
		if len(f.doc.body(o)) == 0 {
			continue
		}
		path := f.right(o.method, o.path, o.id, f.a).path
		for name, trick := range tricks() {
			head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer %s\r\nX-Organization-ID: %s\r\nX-App: clinic\r\nContent-Type: application/json\r\n", o.method, path, token, f.a.ID)
			calls = append(calls, rawCall{operation: o, trick: name, text: head + trick})
		}
	}
	replies := exchangeAll(t, address, calls)
	sent, shaped := len(calls), 0
	var wrong []string
	for i, c := range calls {
		if r := replies[i]; r != nil && r.header.Get("X-Request-Id") != "" {
			shaped++
		}
		if fault := f.wireFault(c.operation, replies[i]); fault != "" {
			wrong = append(wrong, fmt.Sprintf("%s (%s): %s", c.operation.id, c.trick, fault))
		}
	}
	report(t, wrong)
	panics := strings.Count(f.api.Logs.String(), `"msg":"panic"`)
	printFigure(t, "I-1/wire", fmt.Sprintf("wrong=%d,panics=%d,requests=%d,answered=%d", len(wrong), panics, sent, shaped), len(wrong) == 0 && panics == 0 && sent > 400 && shaped > sent/3)
	if f.wireFault(operation{}, &reply{status: 500, header: http.Header{}}) == "" {
		t.Error("red proof: a server error is not counted")
	}
}
