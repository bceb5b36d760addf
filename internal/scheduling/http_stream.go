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
		Errors: []*apperror.Error{apperror.ErrBadRequest, middleware.ErrOrganizationNotFound, middleware.ErrOrganizationRequired, catalog.ErrNotFound},
	}, func(ctx context.Context, in *publicStreamInput) (httpapi.Source, error) {
		if in.ServiceID == "" && in.SpecialistID == "" {
			return nil, apperror.ErrBadRequest.At("query.service_id", "is required without specialist_id")
		}
		return s.follow(ctx, &in.StreamQuery)
	})
	httpapi.Stream(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/availability/stream", ID: "stream-availability", Tag: "Streams",
		Summary:  "Follow the times of a service, a specialist or the whole clinic",
		Audience: httpapi.Member, Permission: auth.AvailabilityRead,
		Errors: []*apperror.Error{apperror.ErrBadRequest, middleware.ErrOrganizationRequired, middleware.ErrNotMember, catalog.ErrNotFound},
	}, s.follow)
}

// StreamQuery is what both streams are asked with. It is exported because the edge reads embedded structs only then.
type StreamQuery struct {
	httpapi.LastEventID
	ServiceID    string `query:"service_id" format:"uuid" doc:"Everybody who offers the service when the stream begins."`
	SpecialistID string `query:"specialist_id" format:"uuid" doc:"One specialist."`
}

type publicStreamInput struct {
	StreamQuery
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
}

// follow listens to the specialist, or to those who offer the service at this moment. A specialist that nobody knows is
// listened to in vain, which tells nothing.
func (s Streams) follow(ctx context.Context, in *StreamQuery) (httpapi.Source, error) {
	var (
		service catalog.ServiceID
		one     specialist.ID
	)
	if err := service.UnmarshalText([]byte(in.ServiceID)); err != nil {
		return nil, apperror.ErrBadRequest.At("query.service_id", "expected an id")
	}
	if err := one.UnmarshalText([]byte(in.SpecialistID)); err != nil {
		return nil, apperror.ErrBadRequest.At("query.specialist_id", "expected an id")
	}
	tags := []string{allSpecialists}
	switch {
	case !one.IsZero():
		tags = []string{tagOf(one)}
	case !service.IsZero():
		tags = nil
		err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
			specialists, err := s.Offering(ctx, tx, service)
			for _, sp := range specialists {
				tags = append(tags, tagOf(sp))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	p, _ := auth.From(ctx)
	return s.Live.Subscribe(ctx, p.OrgID, in.ID, tags...), nil
}
