package booking

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

const tag = "Bookings"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/public/bookings", ID: "place-booking", Tag: tag, Status: http.StatusCreated, KeyRequired: true,
		Summary:  "Book a time as a guest; the clinic calls to confirm",
		Audience: httpapi.Public, Permission: auth.BookingPlace, Limit: ratelimit.PublicBooking,
		Errors: []*apperror.Error{
			scheduling.ErrSlotTaken, scheduling.ErrSlotNotOffered, scheduling.ErrNotHoldOwner, scheduling.ErrHoldExpired, ErrPolicyOutdated,
			apperror.ErrInvalid,
		},
	}, s.postBooking)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/bookings/{reference}", ID: "get-booking", Tag: tag,
		Summary:  "Look at the own booking with its link",
		Audience: httpapi.Public, Permission: auth.BookingRead, Limit: ratelimit.PublicBookingRead, Errors: []*apperror.Error{ErrNotFound},
	}, s.getBooking)
}

// ContactBody is the booker.
type ContactBody struct {
	FirstName string `json:"first_name" minLength:"1" maxLength:"100"`
	LastName  string `json:"last_name" minLength:"1" maxLength:"100"`
	Phone     string `json:"phone" minLength:"3" maxLength:"40"`
	Email     string `json:"email,omitempty" maxLength:"254"`
	Locale    string `json:"locale,omitempty" enum:"ro,en"`
}

// SlotBody is a start without a hold.
type SlotBody struct {
	ServiceID    catalog.ServiceID `json:"service_id" format:"uuid"`
	SpecialistID specialist.ID     `json:"specialist_id,omitzero" format:"uuid" doc:"Absent: the clinic chooses."`
	Start        time.Time         `json:"start"`
}

type placeInput struct {
	Body struct {
		HoldToken            string      `json:"hold_token,omitempty" maxLength:"2000" doc:"Either this or slot."`
		Slot                 *SlotBody   `json:"slot,omitempty"`
		Contact              ContactBody `json:"contact"`
		Note                 string      `json:"note,omitempty" maxLength:"1000"`
		PrivacyPolicyVersion int         `json:"privacy_policy_version" minimum:"1" doc:"The version that the booker was shown; only the published one is accepted."`
	}
}

func (in *placeInput) place(client string) (Place, error) {
	b := in.Body
	if (b.HoldToken == "") == (b.Slot == nil) {
		return Place{}, apperror.ErrInvalid.At("body.slot", "send either hold_token or slot")
	}
	contact, err := patient.RawContact(b.Contact).Check("body.contact")
	if err != nil {
		return Place{}, err
	}
	out := Place{HoldToken: b.HoldToken, Contact: contact, Note: b.Note, PolicyVersion: b.PrivacyPolicyVersion, Client: client}
	if b.Slot != nil {
		out.Request = scheduling.Request{Service: b.Slot.ServiceID, Specialist: b.Slot.SpecialistID, Start: b.Slot.Start.UTC()}
	}
	return out, nil
}

type bookingOutput struct {
	Reference      string    `json:"reference"`
	Status         string    `json:"status" enum:"booked,upcoming,confirmed,inprogress,done,cancelled,noshow"`
	Start          time.Time `json:"start"`
	End            time.Time `json:"end"`
	Timezone       string    `json:"timezone"`
	SpecialistName string    `json:"specialist_name"`
	ServiceName    string    `json:"service_name"`
	Modality       string    `json:"modality" enum:"in_person,video,phone,home_visit"`
	PriceMinor     *int64    `json:"price_minor" doc:"Null: on request; 0: free."`
	Currency       string    `json:"currency"`
	DurationMin    int       `json:"duration_min"`
	FirstName      string    `json:"first_name,omitempty" doc:"Of the booker; nothing else about the person is shown."`
	ManageToken    string    `json:"manage_token,omitempty" doc:"In the answer of the booking only."`
	ManageURL      string    `json:"manage_url,omitempty"`
}

func output(v appointment.Appointment) bookingOutput {
	out := bookingOutput{
		Reference: v.Reference, Status: string(v.Status), Start: v.Start, End: v.End, Timezone: v.Timezone, SpecialistName: v.SpecialistName,
		Modality: v.Modality, PriceMinor: v.PriceMinor, Currency: v.Currency, DurationMin: v.DurationMin,
	}
	if v.ServiceName != nil {
		out.ServiceName = *v.ServiceName
	}
	return out
}

func (s *Service) postBooking(ctx context.Context, in *placeInput) (bookingOutput, error) {
	p, err := in.place(auth.RequestOf(ctx).ClientID)
	if err != nil {
		return bookingOutput{}, err
	}
	placed, err := s.Place(ctx, p)
	if err != nil {
		return bookingOutput{}, err
	}
	out := output(placed.Visit)
	out.ManageToken, out.ManageURL = placed.Token, placed.URL
	return out, nil
}

type lookInput struct {
	Reference string `path:"reference" maxLength:"8"`
	Token     string `query:"t" required:"true" maxLength:"100"`
}

func (s *Service) getBooking(ctx context.Context, in *lookInput) (bookingOutput, error) {
	found, err := s.Look(ctx, in.Reference, in.Token)
	if err != nil {
		return bookingOutput{}, err
	}
	out := output(found.Visit)
	out.FirstName = found.FirstName
	return out, nil
}
