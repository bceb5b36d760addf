package booking_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type object = map[string]any

// visit is an appointment as the API shows one.
type visit struct {
	ID, Reference, Status, Source string
	Start, End                    time.Time
	SpecialistID                  string  `json:"specialist_id"`
	PatientID                     *string `json:"patient_id"`
	PatientName                   *string `json:"patient_name"`
	Contact                       struct{ Name, Phone, Email *string }
	Note                          *string
	PriceMinor                    *int64 `json:"price_minor"`
	Account                       string
	Allowed                       []string
	ConfirmedOnBehalf             bool    `json:"confirmed_on_behalf"`
	CancelInitiator               *string `json:"cancel_initiator"`
	Late                          bool
}

// placed is a booking as its booker sees it.
type placed struct {
	Reference, Status string
	Start             time.Time
	SpecialistName    string `json:"specialist_name"`
	ServiceName       string `json:"service_name"`
	FirstName         string `json:"first_name"`
	ManageToken       string `json:"manage_token"`
	ManageURL         string `json:"manage_url"`
	PriceMinor        *int64 `json:"price_minor"`
	Phone, Email      string
}

// world is a clinic with a service, somebody who works every day, and a colleague at the desk.
type world struct {
	t           *testing.T
	api         *apitest.API
	clinic      apitest.Clinic
	desk        apitest.Client
	service     string
	specialists []string
}

func newWorld(t *testing.T, specialists int, o apitest.Options) *world {
	t.Helper()
	w := &world{t: t, api: apitest.Boot(t, o)}
	w.clinic = w.api.Clinic("alpha")
	w.desk = w.clinic.Client(w.clinic.Member(auth.CustomerSupport)).App(auth.Clinic)
	var offers []object
	for n := range specialists {
		w.specialists = append(w.specialists, w.specialist(fmt.Sprintf("Dan %d", n)))
		offers = append(offers, object{"specialist_id": w.specialists[n]})
	}
	w.service = w.offer("Evaluare", 30, offers...)
	return w
}

func (w *world) specialist(name string) string {
	w.t.Helper()
	admin := w.clinic.AsAdmin()
	id := admin.Post("/v1/specialists", object{"name": name, "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated).ID()
	var hours []object
	for weekday := 1; weekday <= 7; weekday++ {
		hours = append(hours, object{"weekday": weekday, "start": "08:00", "end": "20:00"})
	}
	admin.Put("/v1/specialists/"+id+"/hours", object{"hours": hours}).Must(http.StatusOK)
	return id
}

func (w *world) offer(name string, minutes int, offers ...object) string {
	w.t.Helper()
	admin := w.clinic.AsAdmin()
	made := admin.Post("/v1/services", object{
		"name": name, "category": "therapy", "published": true, "is_public": true, "duration_min": minutes, "base_price_minor": 20000,
	}).Must(http.StatusCreated)
	admin.With("If-Match", made.ETag()).Put("/v1/services/"+made.ID()+"/specialists", object{"specialists": offers}).Must(http.StatusOK)
	return made.ID()
}

// starts are the free times of the next days, from three days on, so that every notice is kept.
func (w *world) starts() []time.Time {
	w.t.Helper()
	from := w.api.Clock.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	to := w.api.Clock.Now().AddDate(0, 0, 20).Format(time.DateOnly)
	found := apitest.Data[struct{ Slots []struct{ Start time.Time } }](w.visitor().Get(
		"/v1/public/availability?service_id=" + w.service + "&from=" + from + "&to=" + to).Must(http.StatusOK))
	var out []time.Time
	for _, s := range found.Slots {
		out = append(out, s.Start)
	}
	if len(out) < 50 {
		w.t.Fatalf("only %d free times", len(out))
	}
	return out
}

func (w *world) visitor() apitest.Client { return w.api.Anonymous().In(w.clinic.ID) }

func contact(first, phone string) object {
	return object{"first_name": first, "last_name": "Pop", "phone": phone, "locale": "ro"}
}

// slot names a start with a specialist; empty lets the clinic choose.
func (w *world) slot(start time.Time, specialist string) object {
	out := object{"service_id": w.service, "start": start.UTC().Format(time.RFC3339)}
	if specialist != "" {
		out["specialist_id"] = specialist
	}
	return out
}

func body(slot, who object) object {
	return object{"slot": slot, "contact": who, "privacy_policy_version": 1}
}

var keys atomic.Int64

func newKey() string { return fmt.Sprintf("key-%d", keys.Add(1)) }

func (w *world) book(b object) apitest.Answer {
	return w.visitor().With("Idempotency-Key", newKey()).Post("/v1/public/bookings", b)
}

// booked is a guest's booking as the desk sees it.
func (w *world) booked(start time.Time, who object) visit {
	w.t.Helper()
	b := apitest.Data[placed](w.book(body(w.slot(start, w.specialists[0]), who)).Must(http.StatusCreated))
	for _, v := range w.visits() {
		if v.Reference == b.Reference {
			return v
		}
	}
	w.t.Fatalf("the desk does not see %s", b.Reference)
	return visit{}
}

func (w *world) visits() []visit {
	w.t.Helper()
	return apitest.Data[[]visit](w.desk.Get("/v1/appointments?page_size=100").Must(http.StatusOK))
}

func (w *world) onboard(id string, b object) apitest.Answer {
	return w.desk.With("Idempotency-Key", newKey()).Post("/v1/appointments/"+id+"/onboard", b)
}

func (w *world) number(sql string, args ...any) int {
	w.t.Helper()
	n := 0
	if err := w.api.DB.Admin(w.t).QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// atOnce starts n calls together and answers what each was answered.
func atOnce(n int, call func(i int) apitest.Answer) []apitest.Answer {
	out := make([]apitest.Answer, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			out[i] = call(i)
		})
	}
	close(start)
	wg.Wait()
	return out
}

// tally counts answers by status and code, for example "409 slot_taken".
func tally(answers []apitest.Answer) map[string]int {
	out := map[string]int{}
	for _, a := range answers {
		key := fmt.Sprint(a.Status)
		if a.Status >= http.StatusBadRequest {
			key += " " + a.Code()
		}
		out[key]++
	}
	return out
}

// overlaps counts pairs of live visits that share a specialist's busy time or a patient's time.
func (w *world) overlaps() int {
	w.t.Helper()
	const live = "status IN ('booked', 'upcoming', 'confirmed', 'inprogress', 'done')"
	return w.number(`SELECT count(*) FROM appointments a JOIN appointments b ON a.id < b.id AND a.organization_id = b.organization_id
		AND (a.specialist_id = b.specialist_id AND a.busy_range && b.busy_range OR a.patient_id = b.patient_id AND a.slot_range && b.slot_range)
		WHERE a.` + live + " AND b." + live)
}
