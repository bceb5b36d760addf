package booking_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

var mailedLink = regexp.MustCompile(`http://alpha\.portal\.[^/\s]+(/bookings/[0-9A-Z]{8}\?t=[A-Za-z0-9_-]{43})`)

func TestPlace_guestBooksAndLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{})
	start := w.starts()[0]
	who := contact("Ana Maria", "0722 123 456")
	who["email"] = "ana@example.test"
	b := body(w.slot(start, ""), who)
	b["note"] = "<b>Durere</b> la genunchi"

	made := apitest.Data[placed](w.book(b).Must(http.StatusCreated))

	if made.Status != "booked" || !made.Start.Equal(start) || *made.PriceMinor != 20000 || !strings.Contains(made.ManageURL, made.Reference+"?t="+made.ManageToken) {
		t.Errorf("made %+v", made)
	}
	look := w.visitor().Get("/v1/public/bookings/" + made.Reference + "?t=" + made.ManageToken).Must(http.StatusOK)
	seen := apitest.Data[placed](look)
	if seen.FirstName != "Ana" || seen.SpecialistName != "Dan 0" || seen.ServiceName != "Evaluare" || strings.Contains(look.Raw, "722") || strings.Contains(look.Raw, "Pop") {
		t.Errorf("the link shows %s", look.Raw)
	}
	w.visitor().Get("/v1/public/bookings/"+made.Reference+"?t="+strings.Repeat("x", 43)).Expect(http.StatusNotFound, "booking_not_found")
	w.visitor().Get("/v1/public/bookings/00000000?t="+made.ManageToken).Expect(http.StatusNotFound, "booking_not_found")
	other := w.api.Clinic("beta")
	w.api.Anonymous().In(other.ID).Get("/v1/public/bookings/"+made.Reference+"?t="+made.ManageToken).Expect(http.StatusNotFound, "booking_not_found")

	list := w.visits()
	if len(list) != 1 || *list[0].Contact.Phone != "+40722123456" || *list[0].Note != "<b>Durere</b> la genunchi" ||
		!slices.Equal(list[0].Allowed, []string{"onboard", "cancel"}) {
		t.Errorf("the desk sees %+v", list)
	}
	tasks := apitest.Data[[]struct {
		ID, Kind, State string
		SubjectID       string `json:"subject_id"`
	}](w.desk.Get("/v1/tasks?state=open").Must(http.StatusOK))
	if len(tasks) != 1 || tasks[0].Kind != "confirm_by_phone" || tasks[0].SubjectID != list[0].ID {
		t.Fatalf("tasks %+v", tasks)
	}
	w.desk.Post("/v1/tasks/"+tasks[0].ID+"/close", nil).Must(http.StatusOK)
	w.desk.Post("/v1/tasks/"+tasks[0].ID+"/close", nil).Expect(http.StatusConflict, "task_closed")

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	mails := w.api.Mail.Await(ctx, "ana@example.test", 1)
	if len(mails) != 1 {
		t.Fatal("no mail came")
	}
	link := mailedLink.FindStringSubmatch(mails[0].Text)
	if link == nil || !strings.Contains(mails[0].Text, made.Reference) {
		t.Fatalf("the mail says %s", mails[0].Text)
	}
	w.visitor().Get("/v1/public" + link[1]).Must(http.StatusOK)
}

func TestPlace_refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	start := w.starts()[0]
	right := func() object { return body(w.slot(start, w.specialists[0]), contact("Ana", "0722123456")) }
	change := func(name string, value any) object {
		b := right()
		b[name] = value
		return b
	}

	w.visitor().Post("/v1/public/bookings", right()).Expect(http.StatusBadRequest, "idempotency_key_required")
	w.book(change("privacy_policy_version", 9)).Expect(http.StatusUnprocessableEntity, "privacy_policy_outdated")
	w.book(change("hold_token", "x")).Expect(http.StatusUnprocessableEntity, "validation_error")
	w.book(change("slot", w.slot(start.Add(7*time.Minute), w.specialists[0]))).Expect(http.StatusUnprocessableEntity, "slot_not_offered")
	wrong := w.book(change("contact", contact("Ana", "0722"))).Expect(http.StatusUnprocessableEntity, "validation_error").Problem()
	if len(wrong.Errors) != 1 || wrong.Errors[0].Location != "body.contact.phone" {
		t.Errorf("a wrong number is refused at %+v", wrong.Errors)
	}
	if n := w.number("SELECT count(*) FROM guest_contacts"); n != 0 {
		t.Errorf("refused bookings left %d guests", n)
	}
}

// Verifies CORE-03
func TestGuests_onePerNumberAndName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	free := w.starts()
	for i, who := range []object{contact("Ana", "0722 123 456"), contact("ana", "+40722123456"), contact("Ion", "0722123456")} {
		w.book(body(w.slot(free[i], w.specialists[0]), who)).Must(http.StatusCreated)
	}

	first := "SELECT count(*) FROM appointments a JOIN guest_contacts g ON g.id = a.guest_contact_id WHERE g.name_key = 'ana pop' AND NOT g.possible_duplicate"
	if n := w.number(first); n != 2 {
		t.Errorf("the first guest has %d bookings, want 2", n)
	}
	if n := w.number("SELECT count(*) FROM guest_contacts WHERE name_key = 'ion pop' AND possible_duplicate"); n != 1 {
		t.Errorf("the second guest is not flagged")
	}
	if n := w.number("SELECT count(*) FROM guest_contacts"); n != 2 {
		t.Errorf("%d guests, want 2", n)
	}
	if n := w.number("SELECT count(*) FROM patients"); n != 0 {
		t.Errorf("visitors made %d patients", n)
	}
}
