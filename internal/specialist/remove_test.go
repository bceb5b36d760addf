package specialist_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// Verifies CORE-10, the guard: a specialist with visits to come stays, the refusal lists them, and old visits keep the name afterwards.
func TestSpecialists_removalGuard(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()
	made := admin.Post("/v1/specialists", object{"name": "Ana Pop", "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated)
	var hours []object
	for weekday := 1; weekday <= 7; weekday++ {
		hours = append(hours, object{"weekday": weekday, "start": "09:00", "end": "12:00"})
	}
	admin.Put("/v1/specialists/"+made.ID()+"/hours", object{"hours": hours}).Must(http.StatusOK)
	service := admin.Post("/v1/services", object{"name": "Massage", "category": "therapy", "duration_min": 60, "published": true, "is_public": true}).Must(http.StatusCreated)
	admin.With("If-Match", service.ETag()).Put("/v1/services/"+service.ID()+"/specialists", object{"specialists": []object{{"specialist_id": made.ID()}}}).Must(http.StatusOK)
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := api.Clock.Now().In(zone).AddDate(0, 0, 3).Date()
	var visits []string
	for i := range 2 {
		visits = append(visits, admin.Post("/v1/appointments", object{
			"service_id": service.ID(), "specialist_id": made.ID(), "start": time.Date(y, m, d, 9+i, 0, 0, 0, zone),
			"new_patient": object{"first_name": "Ion", "last_name": fmt.Sprint("Pop", i), "phone": fmt.Sprint("+4072212345", i), "locale": "ro"},
		}).Must(http.StatusCreated).ID())
	}
	path := "/v1/specialists/" + made.ID()
	etag := admin.Get(path).Must(http.StatusOK).ETag()

	refused := admin.With("If-Match", etag).Delete(path).Expect(http.StatusConflict, "has_future_appointments")

	list := apitest.JSON[struct {
		Appointments []struct {
			ID, Reference string
			Start, End    time.Time
		}
	}](refused).Appointments
	if len(list) != 2 || list[0].ID != visits[0] || list[1].ID != visits[1] || list[0].Reference == "" || list[1].Start.Sub(list[0].Start) != time.Hour {
		t.Fatalf("the refusal lists %+v", list)
	}
	admin.Post("/v1/appointments/"+visits[0]+"/cancel", object{"reason": "moved"}).Must(http.StatusOK)
	admin.With("If-Match", etag).Delete(path).Expect(http.StatusConflict, "has_future_appointments")
	// The other one takes place, and its time is over.
	api.Move(list[1].End.Add(time.Minute))
	admin = c.AsAdmin()
	admin.With("If-Match", etag).Delete(path).Must(http.StatusNoContent)
	old := apitest.Data[struct {
		Name string `json:"specialist_name"`
	}](admin.Get("/v1/appointments/" + visits[1]).Must(http.StatusOK))
	if old.Name != "Ana Pop" {
		t.Errorf("the old visit was with %q", old.Name)
	}
}
