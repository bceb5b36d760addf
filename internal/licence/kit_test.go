package licence_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

type object = map[string]any

type licence struct {
	ID         string  `json:"id"`
	IssuerCode string  `json:"issuer_code"`
	Number     string  `json:"number"`
	IssuedOn   *string `json:"issued_on"`
	ExpiresOn  string  `json:"expires_on"`
	DaysLeft   int     `json:"days_left"`
	VerifiedBy *string `json:"verified_by"`
	VerifiedAt *string `json:"verified_at"`
	FileID     *string `json:"file_id"`
}

// clinic is a clinic without background work, whose clock is moved.
type clinic struct {
	apitest.Clinic
	t     *testing.T
	api   *apitest.API
	admin apitest.Client
	redis *miniredis.Miniredis
}

func newClinic(t *testing.T) clinic {
	t.Helper()
	redis := miniredis.RunT(t)
	api := apitest.Boot(t, apitest.Options{Redis: "redis://" + redis.Addr(), Quiet: true})
	c := api.Clinic("alpha")
	return clinic{Clinic: c, t: t, api: api, admin: c.AsAdmin(), redis: redis}
}

// at moves the clock to a local time of Bucharest.
func (c *clinic) at(local string) {
	c.t.Helper()
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		c.t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	if err != nil {
		c.t.Fatal(err)
	}
	c.api.Move(when)
	c.redis.FlushAll()
	c.admin = c.AsAdmin()
}

func (c clinic) settings(settings object) {
	c.t.Helper()
	path := "/v1/organizations/" + c.ID.String()
	etag := c.admin.Get(path).Must(http.StatusOK).ETag()
	c.admin.With("If-Match", etag).Patch(path, object{"settings": settings}).Must(http.StatusOK)
}

// specialist works every day from nine to eleven and offers the service that is answered too.
func (c clinic) specialist(name string) (id, service string) {
	c.t.Helper()
	id = c.admin.Post("/v1/specialists", object{"name": name, "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated).ID()
	var hours []object
	for weekday := 1; weekday <= 7; weekday++ {
		hours = append(hours, object{"weekday": weekday, "start": "09:00", "end": "11:00"})
	}
	c.admin.Put("/v1/specialists/"+id+"/hours", object{"hours": hours}).Must(http.StatusOK)
	made := c.admin.Post("/v1/services", object{"name": "For " + name, "category": "therapy", "duration_min": 60, "published": true, "is_public": true}).Must(http.StatusCreated)
	c.admin.With("If-Match", made.ETag()).Put("/v1/services/"+made.ID()+"/specialists", object{"specialists": []object{{"specialist_id": id}}}).Must(http.StatusOK)
	return id, made.ID()
}

func (c clinic) book(service, start, last string) string {
	c.t.Helper()
	return c.admin.Post("/v1/appointments", object{
		"service_id": service, "start": start,
		"new_patient": object{"first_name": "Ion", "last_name": last, "phone": "+4072212345" + last[len(last)-1:], "locale": "ro"},
	}).Must(http.StatusCreated).ID()
}

// days are the local days on which the service is offered to visitors.
func (c clinic) days(service, from, to string) string {
	c.t.Helper()
	out := apitest.Data[struct{ Slots []struct{ Start time.Time } }](c.api.Anonymous().In(c.ID).
		Get("/v1/public/availability?service_id=" + service + "&from=" + from + "&to=" + to).Must(http.StatusOK))
	var days []string
	for _, s := range out.Slots {
		if day := s.Start.UTC().Format("01-02"); len(days) == 0 || days[len(days)-1] != day {
			days = append(days, day)
		}
	}
	return strings.Join(days, " ")
}

// morning runs the daily job as the queue would: the clinics that are due first, then the clinic's own job for each that was found.
func (c clinic) morning() {
	c.t.Helper()
	super := c.api.DB.Super(c.t)
	if _, err := super.Exec(c.t.Context(), "DELETE FROM river.river_job WHERE kind = 'licence.check'"); err != nil {
		c.t.Fatal(err)
	}
	if err := c.api.App.Licences().EnqueueChecks(auth.WithPrincipal(c.t.Context(), auth.SystemOf(ident.OrgID{}))); err != nil {
		c.t.Fatal(err)
	}
	var jobs int
	err := super.QueryRow(c.t.Context(), "SELECT count(*) FROM river.river_job WHERE kind = 'licence.check' AND args ->> 'organization_id' = $1", c.ID.String()).Scan(&jobs)
	if err != nil {
		c.t.Fatal(err)
	}
	for range jobs {
		if err := c.api.App.Licences().Check(auth.WithPrincipal(c.t.Context(), auth.SystemOf(c.ID))); err != nil {
			c.t.Fatal(err)
		}
	}
}

// told are the facts about licences in order: "60" before the end, "ended" at it.
func (c clinic) told() string {
	c.t.Helper()
	var out string
	err := c.api.DB.Super(c.t).QueryRow(c.t.Context(), `
		SELECT COALESCE(string_agg(CASE type WHEN 'specialist.licence_expired' THEN 'ended' ELSE data ->> 'days_left' END, ' ' ORDER BY aggregate_seq), '')
		  FROM outbox_events WHERE organization_id = $1 AND type LIKE 'specialist.licence\_%'`, c.ID).Scan(&out)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// tasks are the subjects of the tasks about visits without a licence, in any state.
func (c clinic) tasks() []string {
	c.t.Helper()
	type task struct {
		Kind    string
		Subject string `json:"subject_id"`
	}
	var out []string
	for _, one := range apitest.Data[[]task](c.admin.Get("/v1/tasks?page_size=100").Must(http.StatusOK)) {
		if one.Kind == "licence_ended" {
			out = append(out, one.Subject)
		}
	}
	return out
}
