package coreapi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/scheduling"
)

// seedVisit makes the account of the patient a patient of the clinic, with one visit in the coming days: the portal and the calendar have
// something to show from the first look. ctx acts for the clinic's administrator.
func (a *App) seedVisit(ctx context.Context, org organization.Organization, service catalog.ServiceID, people []seeded) error {
	for _, p := range people {
		if p.Role != string(auth.Patient) {
			continue
		}
		id, err := a.seedPatient(ctx, org, p)
		if err != nil {
			return err
		}
		if err := a.seedAppointment(ctx, org, service, id); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) seedPatient(ctx context.Context, org organization.Organization, p seeded) (patient.ID, error) {
	number, _ := patient.ParsePhone("0721000111")
	first, last, _ := strings.Cut(p.Name, " ")
	made, err := a.patients.Add(ctx, patient.Make{
		Contact: patient.Contact{FirstName: first, LastName: last, Phone: number, Email: p.Email, Locale: locale.Romanian}, Source: patient.FromStaff,
	})
	if err != nil {
		return patient.ID{}, fmt.Errorf("demo patient: %w", err)
	}
	return made.ID, a.patients.Own(ctx, org.ID, made.ID, p.user)
}

// seedAppointment takes the first time that the clinic offers from tomorrow on.
func (a *App) seedAppointment(ctx context.Context, org organization.Organization, service catalog.ServiceID, id patient.ID) error {
	zone, err := time.LoadLocation(org.Timezone)
	if err != nil {
		return fmt.Errorf("zone of demo clinic: %w", err)
	}
	from := civil.DateOf(a.hands.Now().In(zone)).AddDays(1)
	offered, err := a.scheduling.Find(ctx, scheduling.Ask{Viewer: scheduling.Staff, Service: service, From: from, To: from.AddDays(7)})
	if err != nil {
		return fmt.Errorf("times of demo clinic: %w", err)
	}
	if len(offered.Times) == 0 {
		return nil // a public holiday may take the week
	}
	_, err = a.appointments.Add(ctx, appointment.Create{
		Request: scheduling.Request{
			Viewer: scheduling.Staff, Service: service, Specialist: offered.Times[0].Specialists[0], Start: offered.Times[0].Start,
		},
		Source: appointment.FromStaff, Patient: id,
	})
	if err != nil {
		return fmt.Errorf("demo appointment: %w", err)
	}
	return nil
}
