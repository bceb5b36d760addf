package live

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
)

// ToOffice is the tag of the people who look after everybody: administrators and customer support.
const ToOffice = "office"

// ToUser is the tag of one person; the zero id is nobody's.
func ToUser(id ident.UserID) string {
	if id.IsZero() {
		return ""
	}
	return "user:" + id.String()
}

// Concerns answers the tags of what the context's principal may see beyond the own name: as the person that a clinic treats, as somebody
// who treats.
type Concerns func(ctx context.Context) ([]string, error)

// Routes registers the stream of a person's own clinic.
func (h *Hub) Routes(api *httpapi.Server, concerns Concerns) {
	httpapi.Stream(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/stream", ID: "stream-own", Tag: "Streams",
		Summary:  "Follow what concerns the caller: own notifications, visits that the caller sees, tasks",
		Audience: httpapi.Member, Permission: auth.MeRead, Errors: []*apperror.Error{middleware.ErrOrganizationRequired, middleware.ErrNotMember},
	}, func(ctx context.Context, in *struct{ httpapi.LastEventID }) (httpapi.Source, error) {
		p, _ := auth.From(ctx)
		if p.OrgID.IsZero() {
			return nil, middleware.ErrOrganizationRequired
		}
		tags, err := concerns(ctx)
		if err != nil {
			return nil, err
		}
		tags = append(tags, ToUser(p.UserID))
		if p.Role == auth.Admin || p.Role == auth.CustomerSupport {
			tags = append(tags, ToOffice)
		}
		return h.Subscribe(ctx, p.OrgID, in.ID, tags...), nil
	})
}
