package booking_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/redisdb"
)

// bystanders are streams of people who may or may not concern what happens, by who they are.
type bystanders struct {
	*world
	hub     *live.Hub
	beta    apitest.Clinic
	streams map[string]*apitest.Stream
	tags    map[string]string
	rounds  int
}

// listenAround opens a stream for the office, the specialist who is booked, a colleague, a visitor of the specialist's page, and for the
// office and a visitor of another clinic.
func listenAround(t *testing.T, w *world) *bystanders {
	t.Helper()
	client, err := redisdb.Open(os.Getenv("TEST_REDIS_URL"))
	if err != nil {
		t.Fatal(err)
	}
	hub := live.New(t.Context(), client, w.api.Clock.Now, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = hub.Close(); _ = client.Close() })
	b := &bystanders{world: w, hub: hub, beta: w.api.Clinic("beta"), streams: map[string]*apitest.Stream{}, tags: map[string]string{}}
	for i, name := range []string{"specialist", "colleague"} {
		p := w.clinic.Member(auth.Specialist)
		path := "/v1/specialists/" + w.specialists[i]
		w.clinic.AsAdmin().With("If-Match", w.clinic.AsAdmin().Get(path).ETag()).Patch(path, object{"user_id": w.api.UserID(p)}).Must(http.StatusOK)
		b.follow(name, w.clinic.Client(p).App(auth.Clinic), "/v1/stream", "specialist:"+w.specialists[i])
	}
	b.follow("office", w.desk, "/v1/stream", live.ToOffice)
	b.follow("other office", b.beta.AsAdmin(), "/v1/stream", live.ToOffice)
	public := "/v1/public/availability/stream?specialist_id=" + w.specialists[0]
	b.follow("visitor", w.visitor(), public, "slots:"+w.specialists[0])
	b.follow("other visitor", w.api.Anonymous().In(b.beta.ID), public, "slots:"+w.specialists[0])
	return b
}

func (b *bystanders) follow(name string, c apitest.Client, path, tag string) {
	b.t.Helper()
	s := c.Follow(path)
	s.Refused.Must(http.StatusOK)
	b.streams[name], b.tags[name] = s, tag
}

// expect lets every job finish, ends the round with a mark that all streams hear, and compares what each heard before it.
func (b *bystanders) expect(what string, want map[string][]string) {
	b.t.Helper()
	settled(b.t, b.world)
	b.rounds++
	mark := fmt.Sprintf("round.%d", b.rounds)
	tags := slices.Collect(maps.Values(b.tags))
	b.hub.Publish(b.t.Context(), b.clinic.ID, live.Event{Type: mark, To: tags, Data: object{}})
	b.hub.Publish(b.t.Context(), b.beta.ID, live.Event{Type: mark, To: tags, Data: object{}})
	for name, s := range b.streams {
		home := b.clinic.ID
		if strings.HasPrefix(name, "other") {
			home = b.beta.ID
		}
		var got []string
		for {
			p, open := s.Next()
			if !open {
				b.t.Fatalf("%s: the stream of the %s ended", what, name)
			}
			if p.Data.OrganizationID != home.String() {
				b.t.Errorf("%s: the %s heard of clinic %s", what, name, p.Data.OrganizationID)
			}
			if p.Event == mark {
				break
			}
			got = append(got, frame(b.t, p))
		}
		if got, want := once(got), once(want[name]); !slices.Equal(got, want) {
			b.t.Errorf("%s: the %s heard %q, want %q", what, name, got, want)
		}
	}
}

// once orders frames and drops repeated ones: hearing twice only makes a screen ask twice.
func once(frames []string) []string {
	slices.Sort(frames)
	return slices.Compact(frames)
}

// settled waits until nothing that follows from what happened is left to do.
func settled(t *testing.T, w *world) {
	t.Helper()
	again, limit := time.NewTicker(25*time.Millisecond), time.After(time.Minute)
	defer again.Stop()
	for w.number("SELECT count(*) FROM river.river_job WHERE (kind LIKE 'event.%' OR kind LIKE 'mail.%') AND state <> 'completed'") > 0 {
		select {
		case <-limit:
			t.Fatal("a minute passed and jobs are not done")
		case <-again.C:
		}
	}
}

// frame is a push as one text: its type and its members in order. Versions differ from test to test only in what does not matter here.
func frame(t *testing.T, p apitest.Push) string {
	t.Helper()
	var data map[string]any
	if err := json.Unmarshal(p.Data.Data, &data); err != nil {
		t.Fatal(err)
	}
	out := []string{p.Event}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if name == "row_version" {
			continue
		}
		out = append(out, fmt.Sprintf("%s=%v", name, data[name]))
	}
	return strings.Join(out, " ")
}

func moved(v visit, status string) string {
	return "appointment.updated id=" + v.ID + " status=" + status
}

func work(v visit) string { return "task.updated subject_id=" + v.ID + " subject_type=appointment" }

func taken(v visit) string {
	const shape = "2006-01-02T15:04:05Z"
	return fmt.Sprintf("slot.booked end=%s specialist_id=%s start=%s", v.End.UTC().Format(shape), v.SpecialistID, v.Start.UTC().Format(shape))
}

func freed(t *testing.T, v visit) string {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("availability.changed date=%s specialist_id=%s", v.Start.In(zone).Format(time.DateOnly), v.SpecialistID)
}

// Each fact about a visit reaches the screens that it concerns and no other, and never those of another clinic. Seen red: what the other
// clinic's streams do hear is the mark of each round, and a frame that is told to the wrong tag is in the comparison at the end.
// Verifies API-11 SCH-07
func TestPush_eachFactReachesWhomItConcerns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, apitest.Options{})
	b := listenAround(t, w)
	free := w.starts()

	first := w.booked(free[0], contact("Ana", "0722123456"))
	b.expect("a guest booked", map[string][]string{
		"office": {moved(first, "booked"), work(first)}, "specialist": {moved(first, "booked")}, "visitor": {taken(first)},
	})
	w.desk.Post("/v1/tasks/"+w.taskOf(first)+"/close", nil).Must(http.StatusOK)
	b.expect("the task was closed by hand", map[string][]string{"office": {work(first)}})
	w.desk.Post("/v1/appointments/"+first.ID+"/cancel", object{}).Must(http.StatusOK)
	b.expect("a booking without an open task was cancelled", map[string][]string{
		"office": {moved(first, "cancelled")}, "specialist": {moved(first, "cancelled")}, "visitor": {freed(t, first)},
	})

	person, stranger := w.api.Person("ana"), w.clinic.Member(auth.Patient)
	second := w.booked(free[1], contact("Ana", "0722123456"))
	b.expect("a guest booked again", map[string][]string{
		"office": {moved(second, "booked"), work(second)}, "specialist": {moved(second, "booked")}, "visitor": {taken(second)},
	})
	form := newPatient("Ana", "0722123456")
	form["new_patient"].(object)["email"] = person.Email
	form["send_invite"] = true
	patient := *apitest.Data[visit](w.onboard(second.ID, form).Must(http.StatusOK)).PatientID
	b.expect("the booking was taken over", map[string][]string{
		"office": {moved(second, "upcoming"), work(second)}, "specialist": {moved(second, "upcoming")},
	})

	portal := w.clinic.Client(person).App(auth.Portal)
	portal.Get("/v1/me").Must(http.StatusOK)
	b.follow("patient", portal, "/v1/stream", "patient:"+patient)
	b.follow("stranger", w.clinic.Client(stranger).App(auth.Portal), "/v1/stream", "user:"+w.api.UserID(stranger))
	portal.Post("/v1/appointments/"+second.ID+"/confirm", nil).Must(http.StatusOK)
	b.expect("the patient confirmed", map[string][]string{
		"office": {moved(second, "confirmed")}, "specialist": {moved(second, "confirmed")}, "patient": {moved(second, "confirmed")},
	})
	third := w.booked(free[2], contact("Ion", "0733000111"))
	b.expect("another guest booked", map[string][]string{
		"office": {moved(third, "booked"), work(third)}, "specialist": {moved(third, "booked")}, "visitor": {taken(third)},
	})
	w.desk.Post("/v1/appointments/"+third.ID+"/cancel", object{}).Must(http.StatusOK)
	w.desk.Post("/v1/appointments/"+second.ID+"/cancel", object{}).Must(http.StatusOK)
	b.expect("a visit and a booking with its task were cancelled", map[string][]string{
		"office":     {moved(third, "cancelled"), work(third), moved(second, "cancelled")},
		"specialist": {moved(third, "cancelled"), moved(second, "cancelled")},
		"patient":    {moved(second, "cancelled")},
		"visitor":    {freed(t, third), freed(t, second)},
	})
	redPush(b, second)
}

// redPush shows that a frame in the wrong place is seen.
func redPush(b *bystanders, v visit) {
	b.t.Helper()
	b.hub.Publish(context.WithoutCancel(b.t.Context()), b.beta.ID, live.Event{
		Type: "appointment.updated", To: []string{live.ToOffice}, Data: object{"id": v.ID, "status": v.Status, "row_version": 1},
	})
	b.expect("red proof: a push was told to another clinic", map[string][]string{"other office": {moved(v, v.Status)}})
}

// taskOf is the open task about a visit.
func (w *world) taskOf(v visit) string {
	w.t.Helper()
	for _, one := range apitest.Data[[]struct {
		ID        string
		SubjectID string `json:"subject_id"`
	}](w.desk.Get("/v1/tasks?state=open&page_size=100").Must(http.StatusOK)) {
		if one.SubjectID == v.ID {
			return one.ID
		}
	}
	w.t.Fatalf("there is no open task about %s", v.Reference)
	return ""
}
