package issuer

import (
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/httpapi"
)

// Key set and description are fixed documents of other standards, without the product's envelope.

// ServeJWKS answers GET /v1/auth/jwks.
func (i *Issuer) ServeJWKS(w http.ResponseWriter, r *http.Request) {
	doc, err := i.JWKS(r.Context())
	serveDocument(w, r, doc, err)
}

// ServeDiscovery answers GET /.well-known/openid-configuration.
func (i *Issuer) ServeDiscovery(w http.ResponseWriter, r *http.Request) {
	doc, err := i.Discovery()
	serveDocument(w, r, doc, err)
}

func serveDocument(w http.ResponseWriter, r *http.Request, doc []byte, err error) {
	if err != nil {
		httpapi.WriteProblem(w, r, httpapi.ProblemOf(r.Context(), apperror.ErrUnavailable))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=240")
	// The status is sent; a connection that broke meanwhile has nobody left to tell.
	_, _ = w.Write(doc)
}
