package scheduling

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/specialist"
)

const holdTag = "Holds"

// Routes registers the endpoints of holds.
func (h *Holds) Routes(api *httpapi.Server) {
	always := []*apperror.Error{middleware.ErrOrganizationNotFound, middleware.ErrOrganizationRequired, ErrHoldsUnavailable}
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/public/holds", ID: "create-hold", Summary: "Keep a time for the visitor while a form is filled in", Tag: holdTag,
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicHold, Status: http.StatusCreated,
		Errors: append(always, ErrSlotTaken, ErrSlotNotOffered, ErrHoldQuota, apperror.ErrInvalid),
	}, h.postHold)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/public/holds/{id}", ID: "extend-hold", Summary: "Keep the time a little longer", Tag: holdTag,
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicHoldHeartbeat, Errors: append(always, ErrNotHoldOwner, ErrHoldExpired),
	}, h.patchHold)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/public/holds/{id}", ID: "release-hold", Summary: "Let the time go", Tag: holdTag,
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicHoldHeartbeat, Errors: append(always, ErrNotHoldOwner),
	}, h.deleteHold)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/public/holds/check", ID: "check-holds", Summary: "List the times that are kept for the visitor", Tag: holdTag,
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicHoldList, Errors: always,
	}, h.checkHolds)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/public/holds/release-all", ID: "release-holds", Summary: "Let every time of the visitor go, as when a page is left", Tag: holdTag,
		Audience: httpapi.Public, Permission: auth.PublicRead, Limit: ratelimit.PublicHoldReleaseAll, Errors: always,
	}, h.releaseHolds)
}

// holdPath is the hold that an endpoint is about, and the proof that it is the visitor's.
type holdPath struct {
	ID    HoldID `path:"id" format:"uuid"`
	Token string `header:"X-Hold-Token" maxLength:"2000" doc:"hold_token of the answer that made the hold."`
}

type postHoldInput struct {
	Body struct {
		ServiceID    catalog.ServiceID `json:"service_id" format:"uuid"`
		SpecialistID *specialist.ID    `json:"specialist_id,omitempty" format:"uuid" doc:"Absent lets the clinic choose."`
		Start        time.Time         `json:"start" doc:"One of the starts that the clinic offers."`
	}
}

type holdOutput struct {
	HoldID       string    `json:"hold_id" format:"uuid"`
	HoldToken    string    `json:"hold_token,omitempty" doc:"Send it as X-Hold-Token, and to book. Absent in a list."`
	ServiceID    string    `json:"service_id" format:"uuid"`
	SpecialistID string    `json:"specialist_id" format:"uuid"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	ExpiresAt    time.Time `json:"expires_at" doc:"When it ends without a heartbeat."`
	MaxExpiresAt time.Time `json:"max_expires_at" doc:"When it ends in any case."`
}

func outputHold(h Hold) holdOutput {
	return holdOutput{
		HoldID: h.ID.String(), HoldToken: h.Token, ServiceID: h.Service.String(), SpecialistID: h.Specialist.String(),
		Start: h.Start, End: h.End, ExpiresAt: h.ExpiresAt, MaxExpiresAt: h.MaxExpiresAt,
	}
}

// visitor is the client id that the app signs and passes on.
func visitor(ctx context.Context) (string, error) {
	if id := auth.RequestOf(ctx).ClientID; id != "" {
		return id, nil
	}
	return "", apperror.ErrBadRequest.At("header.X-Client-Id", "is required")
}

func (h *Holds) postHold(ctx context.Context, in *postHoldInput) (holdOutput, error) {
	client, err := visitor(ctx)
	if err != nil {
		return holdOutput{}, err
	}
	r := Request{Viewer: Visitor, Service: in.Body.ServiceID, Start: in.Body.Start}
	if in.Body.SpecialistID != nil {
		r.Specialist = *in.Body.SpecialistID
	}
	made, err := h.Create(ctx, client, r)
	return outputHold(made), err
}

func (h *Holds) patchHold(ctx context.Context, in *holdPath) (holdOutput, error) {
	client, err := visitor(ctx)
	if err != nil {
		return holdOutput{}, err
	}
	extended, err := h.Extend(ctx, client, in.ID, in.Token)
	return outputHold(extended), err
}

func (h *Holds) deleteHold(ctx context.Context, in *holdPath) error {
	client, err := visitor(ctx)
	if err != nil {
		return err
	}
	return h.GiveUp(ctx, client, in.ID, in.Token)
}

type holdsOutput struct {
	Holds []holdOutput `json:"holds" nullable:"false"`
}

func (h *Holds) checkHolds(ctx context.Context, _ *struct{}) (holdsOutput, error) {
	out := holdsOutput{Holds: []holdOutput{}}
	client, err := visitor(ctx)
	if err != nil {
		return out, err
	}
	found, err := h.Of(ctx, client)
	for _, one := range found {
		out.Holds = append(out.Holds, outputHold(one))
	}
	return out, err
}

type releasedOutput struct {
	Released int `json:"released"`
}

func (h *Holds) releaseHolds(ctx context.Context, _ *struct{}) (releasedOutput, error) {
	client, err := visitor(ctx)
	if err != nil {
		return releasedOutput{}, err
	}
	n, err := h.ReleaseAll(ctx, client)
	return releasedOutput{Released: n}, err
}
