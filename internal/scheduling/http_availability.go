package scheduling

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/specialist"
)

func (s *Service) availabilityRoutes(api *httpapi.Server) {
	refused := []*apperror.Error{apperror.ErrBadRequest, catalog.ErrNotFound, specialist.ErrNotFound, specialist.ErrTimezoneUnknown}
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/availability", ID: "find-public-availability", Tag: "Availability",
		Summary:  "Find the free times of a public service, with one specialist or any",
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicAvailability, Errors: refused,
	}, s.publicAvailability)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/availability", ID: "find-availability", Tag: "Availability", Scope: "appointments:read",
		Summary:  "Find the free times of a service; staff also sees who is free",
		Audience: httpapi.Member, Permission: auth.AvailabilityRead, Errors: refused,
	}, s.memberAvailability)
}

type slotOutput struct {
	Start         time.Time `json:"start"`
	End           time.Time `json:"end"`
	SpecialistIDs []string  `json:"specialist_ids,omitempty" doc:"For staff: who is free, in the order in which they would be chosen."`
	PriceMinor    *int64    `json:"price_minor" doc:"Null is a price on request, 0 is free."`
	DurationMin   int       `json:"duration_min"`
}

type windowOutput struct {
	From string `json:"from" format:"date"`
	To   string `json:"to" format:"date"`
}

type availabilityOutput struct {
	Slots    []slotOutput `json:"slots" nullable:"false"`
	Timezone string       `json:"timezone" doc:"Zone of the window's days."`
	Window   windowOutput `json:"window"`
	Callback bool         `json:"callback" doc:"True when no time can be chosen at all and the clinic calls back."`
}

func availabilityOutputOf(a Availability, who bool) availabilityOutput {
	out := availabilityOutput{
		Slots: make([]slotOutput, len(a.Times)), Timezone: a.Timezone, Callback: a.Callback,
		Window: windowOutput{From: a.From.String(), To: a.To.String()},
	}
	for i, t := range a.Times {
		out.Slots[i] = slotOutput{Start: t.Start, End: t.End, PriceMinor: t.PriceMinor, DurationMin: t.DurationMin}
		if who {
			for _, id := range t.Specialists {
				out.Slots[i].SpecialistIDs = append(out.Slots[i].SpecialistIDs, id.String())
			}
		}
	}
	return out
}

// askInput is what both endpoints are asked with.
type askInput struct {
	ServiceID, SpecialistID, From, To, Zone string
}

func (in askInput) ask(ctx context.Context, viewer Viewer) (Ask, error) {
	a := Ask{Viewer: viewer, Client: auth.RequestOf(ctx).ClientID}
	if err := a.Service.UnmarshalText([]byte(in.ServiceID)); err != nil || a.Service.IsZero() {
		return a, apperror.ErrBadRequest.At("query.service_id", "expected an id")
	}
	if err := a.Specialist.UnmarshalText([]byte(in.SpecialistID)); err != nil {
		return a, apperror.ErrBadRequest.At("query.specialist_id", "expected an id")
	}
	for _, day := range []struct {
		name, text string
		into       *civil.Date
	}{{"from", in.From, &a.From}, {"to", in.To, &a.To}} {
		d, err := dayOf(day.name, day.text)
		if err == nil && d.IsZero() {
			err = apperror.ErrBadRequest.At("query."+day.name, "is required")
		}
		if *day.into = d; err != nil {
			return a, err
		}
	}
	if in.Zone != "" {
		zone, err := time.LoadLocation(in.Zone)
		if err != nil || in.Zone == "Local" {
			return a, specialist.ErrTimezoneUnknown.At("query.tz", "expected a time zone of the IANA database")
		}
		a.Zone = zone
	}
	return a, nil
}

type publicAvailabilityInput struct {
	ServiceID    string `query:"service_id" format:"uuid" required:"true"`
	SpecialistID string `query:"specialist_id" format:"uuid" doc:"Absent asks for anybody who offers the service."`
	From         string `query:"from" format:"date" required:"true" doc:"First day, included."`
	To           string `query:"to" format:"date" required:"true" doc:"Last day, included; at most 62 days in all."`
	Zone         string `query:"tz" maxLength:"64" doc:"Zone of the days; absent is the specialist's or the clinic's."`
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
}

func (s *Service) publicAvailability(ctx context.Context, in *publicAvailabilityInput) (availabilityOutput, error) {
	a, err := askInput{in.ServiceID, in.SpecialistID, in.From, in.To, in.Zone}.ask(ctx, Visitor)
	if err != nil {
		return availabilityOutput{}, err
	}
	found, err := s.Find(ctx, a)
	return availabilityOutputOf(found, false), err
}

type memberAvailabilityInput struct {
	ServiceID    string `query:"service_id" format:"uuid" required:"true"`
	SpecialistID string `query:"specialist_id" format:"uuid" doc:"Absent asks for anybody who offers the service."`
	From         string `query:"from" format:"date" required:"true" doc:"First day, included."`
	To           string `query:"to" format:"date" required:"true" doc:"Last day, included; at most 62 days in all."`
	Zone         string `query:"tz" maxLength:"64" doc:"Zone of the days; absent is the specialist's or the clinic's."`
	IgnoreNotice bool   `query:"ignore_notice" doc:"For staff: also the times inside the clinic's notice."`
}

func (s *Service) memberAvailability(ctx context.Context, in *memberAvailabilityInput) (availabilityOutput, error) {
	p, _ := auth.From(ctx)
	viewer := Patient
	if p.Role.IsStaff() || p.Role == auth.Superadmin {
		viewer = Staff
	}
	a, err := askInput{in.ServiceID, in.SpecialistID, in.From, in.To, in.Zone}.ask(ctx, viewer)
	if err != nil {
		return availabilityOutput{}, err
	}
	a.IgnoreNotice = in.IgnoreNotice
	if p.Role == auth.Superadmin {
		if err := s.sees(ctx, a.Service); err != nil {
			return availabilityOutput{}, err
		}
	}
	found, err := s.Find(ctx, a)
	return availabilityOutputOf(found, viewer == Staff), err
}

// sees reads the service in the caller's own role. Find reads as the clinic's system, whom no policy asks for an operator's grant.
func (s *Service) sees(ctx context.Context, id catalog.ServiceID) error {
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		_, err := s.Catalog.ByIDTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("read service: %w", err)
	}
	return nil
}
