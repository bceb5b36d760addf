package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/restartix/platform/internal/apperror"
)

// Bytes is an answer that is not JSON: what somebody uploaded.
type Bytes struct {
	// ContentType is what was found in the bytes, never what somebody said.
	ContentType string
	Size        int64
	// Filename makes the browser save the answer under this name; empty shows it, which is for pictures only.
	Filename string
	// Tag identifies the content; the same content always has the same one.
	Tag string
	// Shared lets caches keep the answer for an hour, for what every visitor may see. Other answers are kept by nobody.
	Shared bool
	// Open reads the bytes from first to last, both included. It is called at most once.
	Open func(ctx context.Context, first, last int64) (io.ReadCloser, error)
}

// bytesPolicy takes every right away from content that a browser might yet decide to show as a page.
const bytesPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// Download registers an endpoint that answers bytes, or the stretch of them that a Range header asks for. open refuses like any use case,
// before the first byte.
func Download[I any](s *Server, e Endpoint, open func(context.Context, *I) (Bytes, error)) {
	op := s.register(&e, http.StatusOK)
	content := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
	op.Responses = map[string]*huma.Response{
		"200": {Description: "The whole content.", Content: content},
		"206": {Description: "The stretch that the Range header asked for.", Content: content},
		"304": {Description: "The content is the one that If-None-Match names."},
		"416": {Description: "The Range header asks for what is not there."},
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		ctx = endless(ctx) // a slow line may take longer than a use case
		b, err := open(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, e, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			r, w := humachi.Unwrap(hc)
			if err := b.serve(ctx, w, r); err != nil {
				WriteProblem(w, r, ProblemOf(ctx, s.problem(ctx, e, err)))
			}
		}}, nil
	})
}

// serve answers an error only as long as nothing was written.
func (b Bytes) serve(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	b.head(w.Header())
	if r.Header.Get("If-None-Match") == w.Header().Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	status, first, last := http.StatusOK, int64(0), b.Size-1
	if from, to, asked, ok := rangeOf(r.Header.Get("Range"), b.Size); asked && !ok {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", b.Size))
		w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		return nil
	} else if asked {
		status, first, last = http.StatusPartialContent, from, to
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, b.Size))
	}
	body, err := b.Open(ctx, first, last)
	if err != nil {
		for _, name := range []string{"Content-Disposition", "Content-Range", "ETag", "Accept-Ranges"} {
			w.Header().Del(name)
		}
		return fmt.Errorf("open content: %w", errors.Join(apperror.ErrUnavailable, err))
	}
	defer func() { _ = body.Close() }()
	w.Header().Set("Content-Length", strconv.FormatInt(last-first+1, 10))
	w.WriteHeader(status)
	// The status is sent: a peer that hangs up, or a store that breaks off, shows by the length.
	_, _ = io.CopyN(w, body, last-first+1)
	return nil
}

func (b Bytes) head(h http.Header) {
	h.Set("Content-Type", b.ContentType)
	h.Set("Content-Security-Policy", bytesPolicy)
	h.Set("Accept-Ranges", "bytes")
	h.Set("ETag", strconv.Quote(b.Tag))
	if b.Filename != "" {
		h.Set("Content-Disposition", attachment(b.Filename))
	}
	if b.Shared {
		h.Set("Cache-Control", "public, max-age=3600")
	}
}

// attachment writes a name the two ways of RFC 6266: plain letters for old readers, and the real one, percent-encoded.
func attachment(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;/`, r) {
			return '_'
		}
		return r
	}, name)
	return mime.FormatMediaType("attachment", map[string]string{"filename": plain}) +
		"; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// rangeOf reads one range of bytes. asked is false for none, for several and for other units: the whole content answers those.
func rangeOf(header string, size int64) (first, last int64, asked, ok bool) {
	spec, bytes := strings.CutPrefix(header, "bytes=")
	from, to, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !bytes || !dash || strings.Contains(spec, ",") {
		return 0, 0, false, false
	}
	if from == "" {
		n, err := strconv.ParseInt(to, 10, 64)
		if err != nil || n < 0 {
			return 0, 0, false, false
		}
		return max(0, size-n), size - 1, true, n > 0
	}
	first, err := strconv.ParseInt(from, 10, 64)
	if err != nil || first < 0 {
		return 0, 0, false, false
	}
	last = size - 1
	if to != "" {
		asked, err := strconv.ParseInt(to, 10, 64)
		if err != nil || asked < first {
			return 0, 0, false, false
		}
		last = min(last, asked)
	}
	return first, last, true, first < size
}
