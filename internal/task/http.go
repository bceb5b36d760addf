package task

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
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
		Method: http.MethodPost, Path: "/v1/tasks/{id}/close", ID: "close-task", Summary: "Mark a task as done", Tag: tag,
		Audience: httpapi.Member, Permission: auth.TaskClose, Errors: []*apperror.Error{ErrNotFound, ErrClosed},
	}, s.postClose)
}

type listInput struct {
	page.Query
	State string `query:"state" enum:"open,closed"`
}

type taskInput struct {
	ID ID `path:"id" format:"uuid"`
}

type taskOutput struct {
	ID          string     `json:"id" format:"uuid"`
	Kind        string     `json:"kind" enum:"confirm_by_phone,merge_patients"`
	SubjectType string     `json:"subject_type" enum:"appointment,patient"`
	SubjectID   string     `json:"subject_id" format:"uuid"`
	TitleKey    string     `json:"title_key" doc:"Key of the title in the texts of the apps."`
	DueAt       *time.Time `json:"due_at"`
	AssigneeID  *string    `json:"assignee_id" format:"uuid"`
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
		State: t.State, ClosedAt: t.ClosedAt, CreatedAt: t.CreatedAt, RowVersion: t.RowVersion,
	}
	if !t.AssigneeID.IsZero() {
		id := t.AssigneeID.String()
		out.AssigneeID = &id
	}
	return out
}

func (s *Service) getTasks(ctx context.Context, in *listInput) (page.Result[taskOutput], error) {
	found, err := s.List(ctx, Find{Query: in.Query, State: in.State})
	return page.Map(found, output), err
}

func (s *Service) postClose(ctx context.Context, in *taskInput) (taskOutput, error) {
	t, err := s.Close(ctx, in.ID)
	if err != nil {
		return taskOutput{}, err
	}
	return output(t), nil
}
