package task

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
)

const tag = "Tasks"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/tasks", ID: "list-tasks", Summary: "List the tasks of the clinic; a specialist sees the own", Tag: tag,
		Audience: httpapi.Member, Permission: auth.TaskRead,
		Errors: []*apperror.Error{apperror.ErrBadRequest, page.ErrSize, page.ErrSort},
	}, s.getTasks)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/tasks/{id}", ID: "change-task", Summary: "Give a task to somebody, or move its end", Tag: tag,
		Audience: httpapi.Member, Permission: auth.TaskAssign,
		Errors: []*apperror.Error{ErrNotFound, ErrClosed, ErrAssignee, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.patchTask)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/tasks/assignees", ID: "list-task-assignees", Tag: tag,
		Summary:  "List the people of the clinic who may be given a task, by name",
		Audience: httpapi.Member, Permission: auth.TaskAssign,
	}, s.getAssignees)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/tasks/{id}/close", ID: "close-task", Summary: "Mark a task as done", Tag: tag,
		Audience: httpapi.Member, Permission: auth.TaskClose, Errors: []*apperror.Error{ErrNotFound, ErrClosed},
	}, s.postClose)
}

type listInput struct {
	page.Query
	State    string `query:"state" enum:"open,closed"`
	Kind     string `query:"kind" maxLength:"40" pattern:"^[a-z_]*$"`
	Assignee string `query:"assignee" maxLength:"36" doc:"me, none, or the id of a person."`
	Due      string `query:"due" enum:"overdue,today,later,none" doc:"In the days of the clinic; none has no end."`
}

func (in *listInput) find() (Find, error) {
	out := Find{Query: in.Query, State: in.State, Kind: Kind(in.Kind), Assignee: in.Assignee, Due: in.Due}
	if in.Assignee == "" || in.Assignee == Me || in.Assignee == Nobody {
		return out, nil
	}
	if _, err := ident.Parse[ident.User](in.Assignee); err != nil {
		return out, apperror.ErrBadRequest.At("query.assignee", "expected me, none or an id")
	}
	return out, nil
}

type changeInput struct {
	ID ID `path:"id" format:"uuid"`
	httpapi.IfMatch
	Body struct {
		AssigneeID httpapi.Patch[ident.UserID] `json:"assignee_id,omitempty" doc:"Null gives it to nobody."`
		DueAt      httpapi.Patch[time.Time]    `json:"due_at,omitempty" doc:"Null takes the end away."`
	}
}

type assigneeOutput struct {
	UserID string `json:"user_id" format:"uuid"`
	Name   string `json:"name"`
	Role   string `json:"role" enum:"specialist,customer_support,admin"`
}

type taskInput struct {
	ID ID `path:"id" format:"uuid"`
}

type taskOutput struct {
	ID          string     `json:"id" format:"uuid"`
	Kind        string     `json:"kind" enum:"confirm_by_phone,merge_patients,pending_approval,licence_ended"`
	SubjectType string     `json:"subject_type" enum:"appointment,patient"`
	SubjectID   string     `json:"subject_id" format:"uuid"`
	TitleKey    string     `json:"title_key" doc:"Key of the title in the texts of the apps."`
	DueAt       *time.Time `json:"due_at"`
	AssigneeID  *string    `json:"assignee_id" format:"uuid"`
	Assignee    *string    `json:"assignee_name"`
	State       string     `json:"state" enum:"open,closed"`
	ClosedAt    *time.Time `json:"closed_at"`
	CreatedAt   time.Time  `json:"created_at"`
	RowVersion  int64      `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o taskOutput) Version() int64 { return o.RowVersion }

func output(t Task) taskOutput {
	out := taskOutput{
		ID: t.ID.String(), Kind: string(t.Kind), SubjectType: t.SubjectType, SubjectID: t.SubjectID, TitleKey: t.TitleKey, DueAt: t.DueAt,
		State: t.State, Assignee: t.AssigneeName, ClosedAt: t.ClosedAt, CreatedAt: t.CreatedAt, RowVersion: t.RowVersion,
	}
	if !t.AssigneeID.IsZero() {
		id := t.AssigneeID.String()
		out.AssigneeID = &id
	}
	return out
}

func (s *Service) getTasks(ctx context.Context, in *listInput) (page.Result[taskOutput], error) {
	f, err := in.find()
	if err != nil {
		return page.Result[taskOutput]{}, err
	}
	found, err := s.List(ctx, f)
	return page.Map(found, output), err
}

func (s *Service) getAssignees(ctx context.Context, _ *struct{}) ([]assigneeOutput, error) {
	people, err := s.Assignees(ctx)
	out := make([]assigneeOutput, len(people))
	for i, a := range people {
		out[i] = assigneeOutput{UserID: a.ID.String(), Name: a.Name, Role: a.Role}
	}
	return out, err
}

func (s *Service) patchTask(ctx context.Context, in *changeInput) (taskOutput, error) {
	t, err := s.Change(ctx, in.ID, in.CheckVersion, func(t *Task) {
		t.AssigneeID, t.DueAt = in.Body.AssigneeID.Or(t.AssigneeID), in.Body.DueAt.OrPtr(t.DueAt)
	})
	if err != nil {
		return taskOutput{}, err
	}
	return output(t), nil
}

func (s *Service) postClose(ctx context.Context, in *taskInput) (taskOutput, error) {
	t, err := s.Close(ctx, in.ID)
	if err != nil {
		return taskOutput{}, err
	}
	return output(t), nil
}
