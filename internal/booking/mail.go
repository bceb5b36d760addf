package booking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/postgres"
)

const jobReceivedMail = "mail.booking_received"

// Register adds the package's jobs to the runner.
func (s *Service) Register(r *job.Runner) { r.Handle(jobReceivedMail, s.SendReceived) }

// Subscribe adds the package's listeners to the bus.
func (s *Service) Subscribe(b *event.Bus) {
	b.Subscribe(appointment.BookedFact{}.EventType(), "booking_mail", s.mailReceived)
}

// mailReceived reacts to a guest's booking with a job, because mail must not be sent inside a transaction.
func (s *Service) mailReceived(ctx context.Context, tx *postgres.Tx, r event.Record) error {
	var fact struct {
		Source string `json:"source"`
	}
	if err := json.Unmarshal(r.Data, &fact); err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	if fact.Source != appointment.FromPublic {
		return nil
	}
	return job.EnqueueTx(ctx, tx, jobReceivedMail, map[string]string{"appointment_id": r.AggregateID}, job.Options{})
}

// SendReceived is the job that tells the booker what was booked, with a link of its own. Run twice, it writes twice and both links open.
func (s *Service) SendReceived(ctx context.Context, args json.RawMessage) error {
	var a struct {
		AppointmentID appointment.ID `json:"appointment_id"`
	}
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var (
		message mail.Message
		send    bool
	)
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		visit, err := s.Visits.ReadTx(ctx, tx, a.AppointmentID)
		if err != nil || visit.ContactEmail == nil || visit.Status == appointment.Cancelled {
			return err
		}
		send = true
		message, err = s.letterTx(ctx, tx, visit)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare mail to booker: %w", err)
	}
	if !send {
		return nil
	}
	// A message that is refused for good counts as sent: trying again cannot help.
	if err := s.Mail.Send(ctx, message); err != nil && !errors.Is(err, mail.ErrRejected) {
		return fmt.Errorf("mail booker: %w", err)
	}
	return nil
}

func (s *Service) letterTx(ctx context.Context, tx *postgres.Tx, visit appointment.Appointment) (mail.Message, error) {
	token, err := s.linkTx(ctx, tx, visit, "mail")
	if err != nil {
		return mail.Message{}, err
	}
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return mail.Message{}, err
	}
	service := ""
	if visit.ServiceName != nil {
		service = *visit.ServiceName
	}
	tag, _ := locale.Parse(visit.Locale)
	message, err := mail.Render(tag, mail.Brand{Name: terms.Name, Color: terms.Color}, mail.BookingReceived{
		FirstName: firstName(visit), Service: service, Specialist: visit.SpecialistName, Start: civil.Shown(visit.Start, visit.Timezone),
		Reference: visit.Reference, Link: s.url(terms.Slug, visit.Reference, token),
	})
	if err != nil {
		return mail.Message{}, fmt.Errorf("write mail: %w", err)
	}
	message.To = *visit.ContactEmail
	return message, nil
}
