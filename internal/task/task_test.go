package task_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

type object = map[string]any

type shown struct {
	ID, Kind, State string
	AssigneeID      *string    `json:"assignee_id"`
	AssigneeName    *string    `json:"assignee_name"`
	DueAt           *time.Time `json:"due_at"`
}

// add writes a task as a function of the database would: past every package.
func add(t *testing.T, api *apitest.API, c apitest.Clinic, kind string, due *time.Time) (id string) {
	t.Helper()
	id = uuid.Must(uuid.NewV7()).String()
	_, err := api.DB.Super(t).Exec(t.Context(), `INSERT INTO tasks (id, organization_id, kind, subject_type, subject_id, title_key, due_at)
		VALUES ($1, $2, $3, 'patient', gen_random_uuid(), 'task.' || $3, $4)`, id, c.ID, kind, due)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func ids(c apitest.Client, t *testing.T, query string) string {
	t.Helper()
	var out []string
	for _, one := range apitest.Data[[]shown](c.Get("/v1/tasks" + query).Must(http.StatusOK)) {
		out = append(out, one.ID)
	}
	return strings.Join(out, " ")
}

func TestTasks_areGivenToSomebody(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic, other := api.Clinic("alpha"), api.Clinic("beta")
	doctor := clinic.Member(auth.Specialist)
	support, specialist := clinic.Client(clinic.Member(auth.CustomerSupport)).App(auth.Clinic), clinic.Client(doctor).App(auth.Clinic)
	id, path := add(t, api, clinic, "merge_patients", nil), "/v1/tasks/"
	path += id

	if got := ids(specialist, t, ""); got != "" {
		t.Errorf("a specialist sees the tasks of others: %s", got)
	}
	support.Patch(path, object{"assignee_id": api.UserID(doctor)}).Expect(http.StatusPreconditionRequired, "precondition_required")
	support.With("If-Match", `"9"`).Patch(path, object{"assignee_id": nil}).Expect(http.StatusPreconditionFailed, "precondition_failed")
	support.With("If-Match", `"1"`).Patch(path, object{"assignee_id": api.UserID(other.Admin)}).Expect(http.StatusUnprocessableEntity, "assignee_unknown")
	specialist.With("If-Match", `"1"`).Patch(path, object{"assignee_id": nil}).Expect(http.StatusForbidden, "forbidden")
	other.AsAdmin().With("If-Match", `"1"`).Patch(path, object{"assignee_id": nil}).Expect(http.StatusNotFound, "task_not_found")

	given := apitest.Data[shown](support.With("If-Match", `"1"`).Patch(path, object{"assignee_id": api.UserID(doctor)}).Must(http.StatusOK))
	if given.AssigneeID == nil || *given.AssigneeID != api.UserID(doctor) || given.AssigneeName == nil {
		t.Errorf("the task was given to %+v", given)
	}
	if got := ids(specialist, t, "?assignee=me"); got != id {
		t.Errorf("the specialist sees %q", got)
	}
	if got := ids(support, t, "?assignee=none"); got != "" {
		t.Errorf("nobody's tasks are %q", got)
	}
	if got := ids(support, t, "?assignee="+api.UserID(doctor)); got != id {
		t.Errorf("the specialist's tasks are %q", got)
	}
	support.Get("/v1/tasks?assignee=somebody").Expect(http.StatusBadRequest, "bad_request")
	specialist.Post(path+"/close", object{}).Must(http.StatusOK)
	support.With("If-Match", `"3"`).Patch(path, object{"assignee_id": nil}).Expect(http.StatusConflict, "task_closed")
	people := apitest.Data[[]struct{ Role string }](support.Get("/v1/tasks/assignees").Must(http.StatusOK))
	if len(people) != 3 {
		t.Errorf("tasks may be given to %+v", people)
	}
}

func TestTasks_dueInTheDaysOfTheClinic(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		t.Fatal(err)
	}
	now := api.Clock.Now().In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone)
	at := func(when time.Time) string { return add(t, api, clinic, "confirm_by_phone", &when) }
	late, today, tomorrow, never := at(now.Add(-time.Hour)), at(midnight.Add(-time.Microsecond)), at(midnight), add(t, api, clinic, "merge_patients", nil)
	for query, want := range map[string]string{
		"?due=overdue": late, "?due=today": today, "?due=later": tomorrow, "?due=none": never, "?kind=merge_patients": never,
		"?state=open": strings.Join([]string{late, today, tomorrow, never}, " "), "?state=closed": "",
	} {
		if got := ids(clinic.AsAdmin(), t, query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	clinic.AsAdmin().Get("/v1/tasks?due=soon").Expect(http.StatusBadRequest, "bad_request")
	moved := apitest.Data[shown](clinic.AsAdmin().With("If-Match", `"1"`).Patch("/v1/tasks/"+never, object{"due_at": midnight}).Must(http.StatusOK))
	if moved.DueAt == nil || !moved.DueAt.Equal(midnight) {
		t.Errorf("the end is %v", moved.DueAt)
	}
}

// A task that no package of ours wrote is told to the office at once, and to the one whose it becomes.
func TestTasks_areToldWhoeverWritesThem(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	clinic := api.Clinic("alpha")
	doctor := clinic.Member(auth.Specialist)
	office := clinic.AsAdmin().Follow("/v1/stream")
	own := clinic.Client(doctor).App(auth.Clinic).Follow("/v1/stream")
	id := add(t, api, clinic, "merge_patients", nil)

	push, came := office.Until("task.updated")
	var data struct {
		SubjectType string `json:"subject_type"`
	}
	if !came || json.Unmarshal(push.Data.Data, &data) != nil || data.SubjectType != "patient" {
		t.Fatalf("the office heard %+v", push)
	}
	clinic.AsAdmin().With("If-Match", `"1"`).Patch("/v1/tasks/"+id, object{"assignee_id": api.UserID(doctor)}).Must(http.StatusOK)
	if _, came := own.Until("task.updated"); !came {
		t.Error("the specialist did not hear of the own task")
	}
}
