package scheduling

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/specialist"
)

// Streams are the pushes about times of specialists.
type Streams struct {
	DB   *postgres.DB
	Live *live.Hub
	// Offering answers who offers a service that the caller may see; service_not_found otherwise.
	Offering func(ctx context.Context, tx *postgres.Tx, service catalog.ServiceID) ([]specialist.ID, error)
}

// Routes registers the endpoints of streams.
func (s Streams) Routes(api *httpapi.Server) {
	httpapi.Stream(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/availability/stream", ID: "stream-public-availability", Tag: "Streams",
		Summary:  "Follow the times of a service or a specialist: held, released, booked, changed",
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicStream,
		Errors: []*apperror.Error{apperror.ErrBadRequest, middleware.ErrOrganizationNotFound, middleware.ErrOrganizationRequired, apperror.ErrNotFound},
	}, func(ctx context.Context, in *streamInput) (httpapi.Source, error) {
		if in.ServiceID.IsZero() && in.SpecialistID.IsZero() {
			return nil, apperror.ErrBadRequest.At("query", "name a service_id or a specialist_id")
		}
		return s.follow(ctx, in)
	})
	httpapi.Stream(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/availability/stream", ID: "stream-availability", Tag: "Streams",
		Summary:  "Follow the times of a service, a specialist or the whole clinic",
		Audience: httpapi.Member, Permission: auth.AvailabilityRead,
		Errors: []*apperror.Error{apperror.ErrBadRequest, middleware.ErrOrganizationRequired, middleware.ErrNotMember, apperror.ErrNotFound},
	}, s.follow)
}

type streamInput struct {
	httpapi.LastEventID
	ServiceID    catalog.ServiceID `query:"service_id" format:"uuid"`
	SpecialistID specialist.ID     `query:"specialist_id" format:"uuid"`
}

// follow listens to the specialist, or to those who offer the service at this moment. A specialist that nobody knows is
// listened to in vain, which tells nothing.
func (s Streams) follow(ctx context.Context, in *streamInput) (httpapi.Source, error) {
	p, _ := auth.From(ctx)
	tags := []string{allSpecialists}
	switch {
	case !in.SpecialistID.IsZero():
		tags = []string{tagOf(in.SpecialistID)}
	case !in.ServiceID.IsZero():
		tags = nil
		err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
			specialists, err := s.Offering(ctx, tx, in.ServiceID)
			for _, sp := range specialists {
				tags = append(tags, tagOf(sp))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return s.Live.Subscribe(ctx, p.OrgID, in.ID, tags...), nil
}
