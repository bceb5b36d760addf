package scheduling

import (
	"context"
	"fmt"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/specialist"
)

const (
	tag        = "Hours"
	scopeRead  = "specialists:read"
	scopeWrite = "specialists:write"
)

// Routes registers hours, exceptions and availability.
func (s *Service) Routes(api *httpapi.Server) {
	const hours, overrides = "/v1/specialists/{id}/hours", "/v1/specialists/{id}/date-overrides"
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: hours, ID: "get-hours", Tag: tag, Scope: scopeRead, Summary: "Read a specialist's week",
		Audience: httpapi.Member, Permission: auth.HoursRead, Errors: []*apperror.Error{specialist.ErrNotFound},
	}, s.getHours)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPut, Path: hours, ID: "set-hours", Tag: tag, Scope: scopeWrite,
		Summary:  "Replace a specialist's whole week; what is refused leaves the old one",
		Audience: httpapi.Member, Permission: auth.HoursManage,
		Errors: []*apperror.Error{specialist.ErrNotFound, ErrHoursInvalid, ErrHoursOverlap, specialist.ErrTimezoneUnknown, apperror.ErrInvalid},
	}, s.putHours)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: overrides, ID: "list-date-overrides", Tag: tag, Scope: scopeRead,
		Summary:  "List the days on which a specialist's hours differ",
		Audience: httpapi.Member, Permission: auth.HoursRead,
		Errors: []*apperror.Error{specialist.ErrNotFound, apperror.ErrBadRequest, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.getOverrides)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: overrides, ID: "add-date-override", Tag: tag, Scope: scopeWrite,
		Summary:  "Enter other hours, or none, for one day or several; answers one entry per day",
		Audience: httpapi.Member, Permission: auth.HoursManage, Status: http.StatusCreated,
		Errors: []*apperror.Error{specialist.ErrNotFound, ErrOverrideExists, ErrHoursInvalid, ErrHoursOverlap, apperror.ErrInvalid},
	}, s.postOverride)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: overrides + "/{overrideId}", ID: "remove-date-override", Tag: tag, Scope: scopeWrite,
		Summary:  "Give a day, or all days that were entered with it, its weekly hours back",
		Audience: httpapi.Member, Permission: auth.HoursManage, Errors: []*apperror.Error{specialist.ErrNotFound, ErrOverrideNotFound},
	}, s.deleteOverride)
	s.availabilityRoutes(api)
}

// rangeWire is a range of one local day. The texts are read by hand, because a wrong one is hours_invalid.
type rangeWire struct {
	Start string `json:"start" maxLength:"5" doc:"HH:MM" example:"09:00"`
	End   string `json:"end" maxLength:"5" doc:"HH:MM, at most 24:00." example:"17:00"`
}

func rangeOf(place, start, end string) (civil.Range, error) {
	from, err := civil.ParseTimeOfDay(start)
	if err != nil {
		return civil.Range{}, ErrHoursInvalid.At(place+".start", "expected HH:MM")
	}
	to, err := civil.ParseTimeOfDay(end)
	if err != nil {
		return civil.Range{}, ErrHoursInvalid.At(place+".end", "expected HH:MM, at most 24:00")
	}
	return civil.Range{Start: from, End: to}, nil
}

type workingTimeWire struct {
	Weekday int    `json:"weekday" doc:"1 for Monday to 7 for Sunday."`
	Start   string `json:"start" maxLength:"5" doc:"HH:MM" example:"09:00"`
	End     string `json:"end" maxLength:"5" doc:"HH:MM, at most 24:00; work over midnight is two ranges." example:"17:00"`
}

type hoursOutput struct {
	Timezone *string           `json:"timezone" doc:"Zone of the times; null means that the public is offered nothing."`
	Hours    []workingTimeWire `json:"hours" nullable:"false"`
}

func hoursOutputOf(w Week) hoursOutput {
	out := hoursOutput{Timezone: w.Timezone, Hours: make([]workingTimeWire, len(w.Times))}
	for i, t := range w.Times {
		out.Hours[i] = workingTimeWire{Weekday: t.Weekday, Start: t.Start.String(), End: t.End.String()}
	}
	return out
}

func (s *Service) getHours(ctx context.Context, in *specialist.Path) (hoursOutput, error) {
	w, err := s.Hours(ctx, in.ID)
	return hoursOutputOf(w), err
}

type putHoursInput struct {
	specialist.Path
	Body struct {
		Timezone *string           `json:"timezone,omitempty" maxLength:"64" doc:"IANA name; absent keeps the specialist's. For administrators."`
		Hours    []workingTimeWire `json:"hours" nullable:"false" maxItems:"100"`
	}
}

func (s *Service) putHours(ctx context.Context, in *putHoursInput) (hoursOutput, error) {
	w := Week{Timezone: in.Body.Timezone}
	for i, t := range in.Body.Hours {
		r, err := rangeOf(fmt.Sprintf("body.hours[%d]", i), t.Start, t.End)
		if err != nil {
			return hoursOutput{}, err
		}
		w.Times = append(w.Times, WorkingTime{Weekday: t.Weekday, Range: r})
	}
	saved, err := s.SetHours(ctx, in.ID, w)
	return hoursOutputOf(saved), err
}

type overrideOutput struct {
	ID        string      `json:"id" format:"uuid"`
	Date      string      `json:"date" format:"date"`
	Available bool        `json:"available" doc:"True replaces the day's hours by the ranges, false takes the ranges away; without ranges the day is empty."`
	Ranges    []rangeWire `json:"ranges" nullable:"false"`
	Reason    *string     `json:"reason"`
	GroupID   *string     `json:"group_id" format:"uuid" doc:"Days that were entered together share it."`
}

func overrideOutputOf(o DateOverride) overrideOutput {
	out := overrideOutput{ID: o.ID.String(), Date: o.Date.String(), Available: o.Available, Ranges: make([]rangeWire, len(o.Ranges)), Reason: o.Reason}
	for i, r := range o.Ranges {
		out.Ranges[i] = rangeWire{Start: r.Start.String(), End: r.End.String()}
	}
	if !o.GroupID.IsZero() {
		group := o.GroupID.String()
		out.GroupID = &group
	}
	return out
}

type listOverridesInput struct {
	specialist.Path
	page.Query
	From string `query:"from" format:"date" doc:"First day, included."`
	To   string `query:"to" format:"date" doc:"Last day, included."`
}

// dayOf reads a day of a query; empty is no day.
func dayOf(name, text string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, apperror.ErrBadRequest.At("query."+name, "expected YYYY-MM-DD")
	}
	return d, nil
}

func (s *Service) getOverrides(ctx context.Context, in *listOverridesInput) (page.Result[overrideOutput], error) {
	from, err := dayOf("from", in.From)
	if err != nil {
		return page.Result[overrideOutput]{}, err
	}
	to, err := dayOf("to", in.To)
	if err != nil {
		return page.Result[overrideOutput]{}, err
	}
	r, err := s.Overrides(ctx, in.ID, in.Query, from, to)
	return page.Map(r, overrideOutputOf), err
}

type addOverrideInput struct {
	specialist.Path
	Body struct {
		From      string      `json:"date_from" format:"date"`
		To        string      `json:"date_to,omitempty" format:"date" doc:"Last day, included; date_from when absent."`
		Available bool        `json:"available"`
		Ranges    []rangeWire `json:"ranges,omitempty" maxItems:"24"`
		Reason    *string     `json:"reason,omitempty" maxLength:"300"`
		Merge     bool        `json:"merge,omitempty" doc:"Adds the ranges to exceptions that exist instead of refusing."`
	}
}

func (s *Service) postOverride(ctx context.Context, in *addOverrideInput) ([]overrideOutput, error) {
	n := NewOverride{Available: in.Body.Available, Reason: in.Body.Reason, Merge: in.Body.Merge}
	var err error
	if n.From, err = civil.ParseDate(in.Body.From); err != nil {
		return nil, apperror.ErrInvalid.At("body.date_from", "expected YYYY-MM-DD")
	}
	n.To = n.From
	if in.Body.To != "" {
		if n.To, err = civil.ParseDate(in.Body.To); err != nil {
			return nil, apperror.ErrInvalid.At("body.date_to", "expected YYYY-MM-DD")
		}
	}
	for i, r := range in.Body.Ranges {
		parsed, err := rangeOf(fmt.Sprintf("body.ranges[%d]", i), r.Start, r.End)
		if err != nil {
			return nil, err
		}
		n.Ranges = append(n.Ranges, parsed)
	}
	days, err := s.AddOverride(ctx, in.ID, n)
	out := make([]overrideOutput, len(days))
	for i, o := range days {
		out[i] = overrideOutputOf(o)
	}
	return out, err
}

type removeOverrideInput struct {
	specialist.Path
	OverrideID OverrideID `path:"overrideId" format:"uuid"`
	Group      bool       `query:"group" doc:"True removes all days that were entered together."`
}

func (s *Service) deleteOverride(ctx context.Context, in *removeOverrideInput) error {
	return s.RemoveOverride(ctx, in.ID, in.OverrideID, in.Group)
}
