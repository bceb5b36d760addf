package booking_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// sight is one booking as everybody sees it: the answer of the booking, the link, the desk, the patient's portal and the mail.
type sight struct {
	asked                     time.Time
	answer, link, desk, owner time.Time
	mail                      string
}

var mailedTime = regexp.MustCompile(`pe (\d+) (\pL+) (\d{4}), ora (\d\d):(\d\d)(?: \(UTC([+-]\d\d:\d\d)\))?`)

// meant are the instants near another one at which a clock in the zone shows what the mail says; one when the mail is clear.
func meant(text string, z *time.Location, near time.Time) []time.Time {
	months := []string{
		"ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie",
	}
	m := mailedTime.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	var out []time.Time
	for at := near.Add(-30 * time.Hour); at.Before(near.Add(30 * time.Hour)); at = at.Add(time.Minute) {
		local := at.In(z)
		says := []string{strconv.Itoa(local.Day()), months[local.Month()-1], strconv.Itoa(local.Year()), local.Format("15"), local.Format("04")}
		if slices.Equal(says, m[1:6]) && (m[6] == "" || m[6] == local.Format("-07:00")) {
			out = append(out, at)
		}
	}
	return out
}

// unequal names the views that do not show the instant that was asked for.
func unequal(s sight, z *time.Location) []string {
	var out []string
	for name, at := range map[string]time.Time{"answer": s.answer, "link": s.link, "desk": s.desk, "portal": s.owner} {
		if !at.Equal(s.asked) {
			out = append(out, fmt.Sprintf("%s shows %s for %s", name, at, s.asked))
		}
	}
	if got := meant(s.mail, z, s.asked); len(got) != 1 || !got[0].Equal(s.asked) {
		out = append(out, fmt.Sprintf("the mail means %v for %s", got, s.asked))
	}
	return out
}

// jumps are the next two instants at which the clock of the zone jumps.
func jumps(z *time.Location, after time.Time) [2]time.Time {
	_, first := after.In(z).ZoneBounds()
	_, second := first.In(z).ZoneBounds()
	return [2]time.Time{first.UTC(), second.UTC()}
}

// around are starts on the day of a jump: before, at and after it, and in the morning.
func around(jump time.Time, z *time.Location) []time.Time {
	var out []time.Time
	for half := -3; half <= 3; half++ {
		out = append(out, jump.Add(time.Duration(half)*30*time.Minute))
	}
	y, m, d := jump.In(z).Date()
	return append(out, time.Date(y, m, d, 9, 0, 0, 0, z).UTC())
}

// told is the booking of a guest whom the desk takes over.
type told struct{ id, link string }

// look reads the booking again from every side.
func (w *world) look(b told, portal apitest.Client, s sight) sight {
	w.t.Helper()
	s.link = apitest.Data[placed](w.visitor().Get(b.link).Must(http.StatusOK)).Start
	s.desk = apitest.Data[visit](w.desk.Get("/v1/appointments/" + b.id).Must(http.StatusOK)).Start
	s.owner = apitest.Data[visit](portal.Get("/v1/appointments/" + b.id).Must(http.StatusOK)).Start
	return s
}

// letter waits for the mail about a booking; others may come before it.
func (w *world) letter(address, reference string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	for n := 1; ; n++ {
		mails := w.api.Mail.Await(ctx, address, n)
		if len(mails) < n {
			w.t.Fatalf("no mail about %s", reference)
		}
		for _, m := range mails {
			if strings.Contains(m.Text, reference) {
				return m.Text
			}
		}
	}
}

// TestFigureB10_views is the other part of B-10: bookings on both days on which the clock of Bucharest jumps show the same instant to the patient
// (link and portal), to the staff and in the mail. Documents and calendar files of a booking come with their slices.
// Seen red: a mail that says 03:00 without which, and a visit that was moved after its letter had gone.
func TestFigureB10_views(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{})
	bucharest, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		t.Fatal(err)
	}
	var hours []object
	for weekday := 1; weekday <= 7; weekday++ {
		hours = append(hours, object{"weekday": weekday, "start": "00:00", "end": "24:00"})
	}
	w.clinic.AsAdmin().Put("/v1/specialists/"+w.specialists[0]+"/hours", object{"hours": hours}).Must(http.StatusOK)
	person := w.api.Person("ana")
	portal := w.clinic.Client(person).App(auth.Portal)
	var bookings []told
	var sights []sight
	patient := object(nil)
	for _, jump := range jumps(bucharest, w.api.Clock.Now().AddDate(0, 0, 3)) {
		for _, start := range around(jump, bucharest) {
			who := contact("Ana", "0722123456")
			who["email"] = person.Email
			made := apitest.Data[placed](w.book(body(w.slot(start, w.specialists[0]), who)).Must(http.StatusCreated))
			s := sight{asked: start, answer: made.Start, mail: w.letter(person.Email, made.Reference)}
			b := told{link: "/v1/public/bookings/" + made.Reference + "?t=" + made.ManageToken}
			for _, v := range w.visits() {
				if v.Reference == made.Reference {
					b.id = v.ID
				}
			}
			if patient == nil {
				patient = newPatient("Ana", "0722123456")
				patient["new_patient"].(object)["email"], patient["send_invite"] = person.Email, true
			}
			taken := apitest.Data[visit](w.onboard(b.id, patient).Must(http.StatusOK))
			patient = object{"patient_id": *taken.PatientID}
			bookings, sights = append(bookings, b), append(sights, w.look(b, portal, s))
		}
	}

	wrong := 0
	for _, s := range sights {
		for _, fault := range unequal(s, bucharest) {
			wrong++
			t.Error(fault)
		}
	}
	figure("B-10/views", fmt.Sprintf("%d/%d", wrong, len(sights)), wrong == 0 && len(sights) == 16)

	vague := 0
	for _, s := range sights {
		s.mail = regexp.MustCompile(` \(UTC[^)]*\)`).ReplaceAllString(s.mail, "")
		vague += len(unequal(s, bucharest))
	}
	if vague != 4 {
		t.Errorf("%d mails without their offset went red, want those of the four doubled starts", vague)
	}
	last := len(sights) - 1
	if _, err := w.api.DB.Admin(t).Exec(t.Context(), `UPDATE appointments SET start_at = start_at + interval '1 hour', end_at = end_at + interval '1 hour'
		WHERE id = $1`, bookings[last].id); err != nil {
		t.Fatal(err)
	}
	if got := unequal(w.look(bookings[last], portal, sights[last]), bucharest); len(got) != 3 {
		t.Errorf("a visit that was moved behind everybody's back: %v", got)
	}
}
