package devstack

import (
	_ "embed" // the page
	"encoding/json"
	"html/template"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
)

//go:embed inbox.html
var inboxPage string

// pagePolicy lets the page show itself and mails in frames, and nothing from elsewhere. Mails get mailPolicy: no
// script, no request to anywhere, links open in a new tab.
const (
	pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; " +
		"sandbox allow-popups allow-popups-to-escape-sandbox"
)

// handler serves the JSON API (GET and DELETE /api/messages) and the page.
func (b *inbox) handler() http.Handler {
	page := template.Must(template.New("inbox").Parse(inboxPage))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/messages", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(b.list(r.URL.Query().Get("to"))) // the reader has gone
	})
	mux.HandleFunc("DELETE /api/messages", func(w http.ResponseWriter, _ *http.Request) { b.answerClear(w, http.StatusNoContent) })
	mux.HandleFunc("POST /clear", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/")
		b.answerClear(w, http.StatusSeeOther)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { b.show(w, r, page, 0) })
	mux.HandleFunc("GET /messages/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.PathValue("id"))
		b.show(w, r, page, id)
	})
	mux.HandleFunc("GET /messages/{id}/body", b.body)
	mux.HandleFunc("GET /messages/{id}/source", b.source)
	// Sign-in codes lie here: a web page of someone else must neither read them through a rebound name nor clear them.
	return http.NewCrossOriginProtection().Handler(localOnly(mux))
}

// localOnly refuses requests under a host name that is not this machine's.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host != "127.0.0.1" && host != "localhost" && !strings.HasSuffix(host, ".localhost") {
			http.Error(w, "the inbox answers on this machine only", http.StatusMisdirectedRequest)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

func (b *inbox) answerClear(w http.ResponseWriter, status int) {
	if err := b.clear(); err != nil {
		http.Error(w, "the mails could not be removed", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
}

// show renders the list, newest first, and the mail with the id if there is one.
func (b *inbox) show(w http.ResponseWriter, r *http.Request, page *template.Template, id int) {
	to := r.URL.Query().Get("to")
	mails := b.list(to)
	slices.Reverse(mails)
	open, found := b.get(id)
	if id != 0 && !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	_ = page.Execute(w, map[string]any{"Mails": mails, "To": to, "Open": open, "Found": found}) // the reader has gone
}

// body is the mail itself, for the frame of the page.
func (b *inbox) body(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	m, ok := b.get(id)
	if !ok {
		http.NotFound(w, r)
		return
	}
	html := m.HTML
	if html == "" {
		html = `<pre style="font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap;margin:16px">` + template.HTMLEscapeString(m.Text) + `</pre>`
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", mailPolicy)
	_, _ = w.Write([]byte(`<!doctype html><meta name="color-scheme" content="light"><base target="_blank">` + html)) // the reader has gone
}

// source is the mail as it came, under its envelope.
func (b *inbox) source(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	raw, err := os.ReadFile(b.path(id))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(raw) // the reader has gone
}
