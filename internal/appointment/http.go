package appointment

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

const tag = "Appointments"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/appointments", ID: "list-appointments", Tag: tag,
		Summary:  "List appointments; a specialist and a patient see the own",
		Audience: httpapi.Member, Permission: auth.AppointmentRead, Scope: "appointments:read",
		Errors: []*apperror.Error{apperror.ErrBadRequest, page.ErrSize, page.ErrSort},
	}, s.getAppointments)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/appointments", ID: "create-appointment", Tag: tag, Status: http.StatusCreated,
		Summary:  "Make an appointment for a patient; what a key makes is booked only, and the clinic calls to confirm",
		Audience: httpapi.Member, Permission: auth.AppointmentCreate, Scope: "appointments:write",
		Errors: []*apperror.Error{
			scheduling.ErrSlotTaken, scheduling.ErrSlotNotOffered, ErrPatientBusy, patient.ErrNotFound, patient.ErrDuplicates, apperror.ErrInvalid,
		},
	}, s.postAppointment)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/appointments/{id}", ID: "get-appointment", Tag: tag, Summary: "Read one appointment",
		Audience: httpapi.Member, Permission: auth.AppointmentRead, Scope: "appointments:read", Errors: []*apperror.Error{ErrNotFound},
	}, func(ctx context.Context, in *pathInput) (appointmentOutput, error) {
		a, err := s.Get(ctx, in.ID)
		return outputOf(a, err)
	})
	s.changeRoutes(api)
}

func (s *Service) changeRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/appointments/{id}/onboard", ID: "onboard-appointment", Tag: tag, KeyRequired: true,
		Summary:  "Take a guest's booking over: it becomes the appointment of a patient",
		Audience: httpapi.Member, Permission: auth.AppointmentOnboard,
		Errors: []*apperror.Error{
			ErrNotFound, ErrTransition, ErrPatientBusy, patient.ErrNotFound, patient.ErrDuplicates, scheduling.ErrSlotNotOffered, apperror.ErrInvalid,
		},
	}, s.postOnboard)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/appointments/{id}/confirm", ID: "confirm-appointment", Tag: tag,
		Summary:  "Note that the patient will come",
		Audience: httpapi.Member, Permission: auth.AppointmentConfirm, Errors: []*apperror.Error{ErrNotFound, ErrTransition},
	}, func(ctx context.Context, in *pathInput) (appointmentOutput, error) {
		a, err := s.Confirm(ctx, in.ID)
		return outputOf(a, err)
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/appointments/{id}/cancel", ID: "cancel-appointment", Tag: tag,
		Summary:  "Cancel; a patient until the agreed instant",
		Audience: httpapi.Member, Permission: auth.AppointmentCancel, Errors: []*apperror.Error{ErrNotFound, ErrTransition, ErrCutoff, apperror.ErrInvalid},
	}, func(ctx context.Context, in *cancelInput) (appointmentOutput, error) {
		a, err := s.Cancel(ctx, in.ID, in.Body.Reason)
		return outputOf(a, err)
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/duplicates", ID: "list-patient-duplicates", Tag: "Patients",
		Summary:  "The patients who may be the guest of a booking, most likely first",
		Audience: httpapi.Member, Permission: auth.PatientManage, Errors: []*apperror.Error{ErrNotFound},
	}, s.getDuplicates)
}

type pathInput struct {
	ID ID `path:"id" format:"uuid"`
}

type listInput struct {
	page.Query
	Status     string        `query:"status" enum:"booked,upcoming,confirmed,inprogress,done,cancelled,noshow"`
	StatusIn   string        `query:"status.in" maxLength:"100" doc:"Several states, separated by commas."`
	Specialist specialist.ID `query:"specialist_id" format:"uuid"`
	Patient    patient.ID    `query:"patient_id" format:"uuid"`
	From       time.Time     `query:"start_at.gte"`
	Until      time.Time     `query:"start_at.lte"`
}

func (in *listInput) find() (Find, error) {
	out := Find{Query: in.Query, Specialist: in.Specialist, Patient: in.Patient, From: in.From, Until: in.Until}
	if in.Status != "" {
		out.Statuses = []Status{Status(in.Status)}
	}
	if in.StatusIn == "" {
		return out, nil
	}
	for _, text := range strings.Split(in.StatusIn, ",") {
		if _, known := ways()[Status(text)]; !known && Status(text) != Done && Status(text) != Cancelled {
			return out, apperror.ErrBadRequest.At("query.status.in", "names an unknown state")
		}
		out.Statuses = append(out.Statuses, Status(text))
	}
	return out, nil
}

type createInput struct {
	Body struct {
		ServiceID             catalog.ServiceID    `json:"service_id" format:"uuid"`
		SpecialistID          specialist.ID        `json:"specialist_id,omitzero" format:"uuid" doc:"Absent: the clinic chooses."`
		Start                 time.Time            `json:"start"`
		PatientID             patient.ID           `json:"patient_id,omitzero" format:"uuid" doc:"Either this or new_patient."`
		NewPatient            *patient.ContactBody `json:"new_patient,omitempty"`
		AcknowledgeDuplicates []patient.ID         `json:"acknowledge_duplicates,omitempty" maxItems:"100"`
		Modality              string               `json:"modality,omitempty" enum:"in_person,video,phone,home_visit"`
		Note                  string               `json:"note,omitempty" maxLength:"1000"`
		IgnoreNotice          bool                 `json:"ignore_notice,omitempty" doc:"Book inside the clinic's notice; for the staff, not for keys."`
	}
}

type onboardInput struct {
	ID   ID `path:"id" format:"uuid"`
	Body struct {
		PatientID             patient.ID           `json:"patient_id,omitzero" format:"uuid" doc:"Either this or new_patient."`
		NewPatient            *patient.ContactBody `json:"new_patient,omitempty"`
		AcknowledgeDuplicates []patient.ID         `json:"acknowledge_duplicates,omitempty" maxItems:"100" doc:"Candidates that were looked at and are somebody else."`
		SendInvite            bool                 `json:"send_invite,omitempty"`
	}
}

type cancelInput struct {
	ID   ID `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

type contactOutput struct {
	Name  *string `json:"name"`
	Phone *string `json:"phone" doc:"E.164."`
	Email *string `json:"email"`
}

type appointmentOutput struct {
	ID                string        `json:"id" format:"uuid"`
	Reference         string        `json:"reference" doc:"What people say on the phone."`
	Status            string        `json:"status" enum:"booked,upcoming,confirmed,inprogress,done,cancelled,noshow"`
	Start             time.Time     `json:"start"`
	End               time.Time     `json:"end"`
	Timezone          string        `json:"timezone" doc:"IANA zone of the place."`
	SpecialistID      string        `json:"specialist_id" format:"uuid"`
	SpecialistName    string        `json:"specialist_name"`
	ServiceID         *string       `json:"service_id" format:"uuid"`
	ServiceName       *string       `json:"service_name"`
	PatientID         *string       `json:"patient_id" format:"uuid"`
	PatientName       *string       `json:"patient_name"`
	Contact           contactOutput `json:"contact"`
	PriceMinor        *int64        `json:"price_minor" doc:"Null: on request; 0: free."`
	Currency          string        `json:"currency"`
	PriceSource       string        `json:"price_source" enum:"calendar,specialist,service,plan,manual"`
	DurationMin       int           `json:"duration_min"`
	Modality          string        `json:"modality" enum:"in_person,video,phone,home_visit"`
	Note              *string       `json:"note"`
	Source            string        `json:"source" enum:"public,staff,portal,waitlist,series,import"`
	CancelUntil       time.Time     `json:"cancel_until" doc:"Until when the patient may cancel."`
	ConfirmedAt       *time.Time    `json:"confirmed_at"`
	ConfirmedOnBehalf bool          `json:"confirmed_on_behalf"`
	CancelledAt       *time.Time    `json:"cancelled_at"`
	CancelInitiator   *string       `json:"cancel_initiator" enum:"patient,clinic,system"`
	CancelReason      *string       `json:"cancel_reason"`
	Late              bool          `json:"late"`
	CreatedAt         time.Time     `json:"created_at"`
	Allowed           []string      `json:"allowed" nullable:"false" enum:"onboard,confirm,cancel" doc:"What the caller may do now."`
	Account           string        `json:"account,omitempty" enum:"none,invited,active" doc:"State of the patient's account; onboarding answers it."`
	RowVersion        int64         `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o appointmentOutput) Version() int64 { return o.RowVersion }

func output(a Appointment) appointmentOutput {
	out := appointmentOutput{
		ID: a.ID.String(), Reference: a.Reference, Status: string(a.Status), Start: a.Start, End: a.End, Timezone: a.Timezone,
		SpecialistID: a.SpecialistID.String(), SpecialistName: a.SpecialistName, ServiceID: idOrNull(a.ServiceID.String()),
		ServiceName: a.ServiceName, PatientID: idOrNull(a.PatientID.String()), PatientName: a.PatientName,
		Contact:    contactOutput{Name: a.ContactName, Email: a.ContactEmail},
		PriceMinor: a.PriceMinor, Currency: a.Currency, PriceSource: a.PriceSource, DurationMin: a.DurationMin, Modality: a.Modality, Note: a.Note,
		Source: a.Source, CancelUntil: a.CancelUntil, ConfirmedAt: a.ConfirmedAt, ConfirmedOnBehalf: a.ConfirmedOnBehalf,
		CancelledAt: a.CancelledAt, CancelInitiator: a.CancelInitiator, CancelReason: a.CancelReason, Late: a.Late, CreatedAt: a.CreatedAt,
		Allowed: texts(a.Allowed), RowVersion: a.RowVersion,
	}
	if a.ContactPhone != nil {
		number := a.ContactPhone.E164()
		out.Contact.Phone = &number
	}
	return out
}

func idOrNull(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

func outputOf(a Appointment, err error) (appointmentOutput, error) {
	if err != nil {
		return appointmentOutput{}, err
	}
	return output(a), nil
}

func (s *Service) getAppointments(ctx context.Context, in *listInput) (page.Result[appointmentOutput], error) {
	f, err := in.find()
	if err != nil {
		return page.Result[appointmentOutput]{}, err
	}
	found, err := s.List(ctx, f)
	return page.Map(found, output), err
}

// newPatient checks that exactly one of the two ways to name a patient was used.
func newPatient(id patient.ID, body *patient.ContactBody, seen []patient.ID, source string) (*patient.Make, error) {
	if id.IsZero() == (body == nil) {
		return nil, apperror.ErrInvalid.At("body.patient_id", "send either patient_id or new_patient")
	}
	if body == nil {
		return nil, nil
	}
	contact, err := body.Raw().Check("body.new_patient")
	if err != nil {
		return nil, err
	}
	return &patient.Make{Contact: contact, Source: source, Acknowledged: seen}, nil
}

func (s *Service) postAppointment(ctx context.Context, in *createInput) (appointmentOutput, error) {
	b := in.Body
	if p, _ := auth.From(ctx); p.Kind == auth.ActorKey {
		return s.postByKey(ctx, in)
	}
	fresh, err := newPatient(b.PatientID, b.NewPatient, b.AcknowledgeDuplicates, patient.FromStaff)
	if err != nil {
		return appointmentOutput{}, err
	}
	a, err := s.Add(ctx, Create{
		Request: scheduling.Request{
			Viewer: scheduling.Staff, Service: b.ServiceID, Specialist: b.SpecialistID, Start: b.Start.UTC(), IgnoreNotice: b.IgnoreNotice,
		},
		Source: FromStaff, Patient: b.PatientID, NewPatient: fresh, Modality: b.Modality, Note: b.Note,
	})
	return outputOf(a, err)
}

// postByKey takes the person as a guest, unless the key names one of the clinic's patients.
func (s *Service) postByKey(ctx context.Context, in *createInput) (appointmentOutput, error) {
	b := in.Body
	if b.IgnoreNotice {
		return appointmentOutput{}, apperror.ErrInvalid.At("body.ignore_notice", "is for the staff")
	}
	fresh, err := newPatient(b.PatientID, b.NewPatient, nil, patient.FromBooking)
	if err != nil {
		return appointmentOutput{}, err
	}
	c := Create{
		Request: scheduling.Request{Viewer: scheduling.Staff, Service: b.ServiceID, Specialist: b.SpecialistID, Start: b.Start.UTC()},
		Source:  FromPublic, Patient: b.PatientID, Modality: b.Modality, Note: b.Note,
	}
	if fresh != nil {
		c.Guest = &fresh.Contact
	}
	a, err := s.Book(ctx, c)
	return outputOf(a, err)
}

func (s *Service) postOnboard(ctx context.Context, in *onboardInput) (appointmentOutput, error) {
	b := in.Body
	fresh, err := newPatient(b.PatientID, b.NewPatient, b.AcknowledgeDuplicates, patient.FromBooking)
	if err != nil {
		return appointmentOutput{}, err
	}
	done, err := s.Onboard(ctx, Onboard{ID: in.ID, Patient: b.PatientID, NewPatient: fresh, Invite: b.SendInvite})
	if err != nil {
		return appointmentOutput{}, err
	}
	out := output(done.Appointment)
	out.Account = done.Patient.AccountState
	return out, nil
}

type duplicatesInput struct {
	AppointmentID ID `query:"appointment_id" format:"uuid" required:"true"`
}

type duplicateOutput struct {
	PatientID  string  `json:"patient_id" format:"uuid"`
	Score      int     `json:"score"`
	FirstName  string  `json:"first_name"`
	LastName   string  `json:"last_name"`
	Email      *string `json:"email"`
	Phone      *string `json:"phone"`
	FileNumber string  `json:"file_number"`
}

func (s *Service) getDuplicates(ctx context.Context, in *duplicatesInput) ([]duplicateOutput, error) {
	people, scores, err := s.LikelyPatients(ctx, in.AppointmentID)
	out := make([]duplicateOutput, len(people))
	for i, p := range people {
		out[i] = duplicateOutput{
			PatientID: p.ID.String(), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, FileNumber: p.FileNumber,
		}
		if p.Phone != nil {
			number := p.Phone.E164()
			out[i].Phone = &number
		}
		for _, c := range scores {
			if c.ID == p.ID {
				out[i].Score = c.Score
			}
		}
	}
	return out, err
}
