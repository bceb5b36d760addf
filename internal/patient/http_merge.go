package patient

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
)

func (s *Service) mergeRoutes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/duplicates", ID: "list-patient-duplicates", Tag: tag,
		Summary:  "The pairs of patients who may be one person, most likely first",
		Audience: httpapi.Member, Permission: auth.PatientManage, Errors: []*apperror.Error{page.ErrSize, page.ErrSort},
	}, s.getPairs)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/merge-preview", ID: "preview-patient-merge", Tag: tag,
		Summary:  "What merging two patients would move",
		Audience: httpapi.Member, Permission: auth.PatientManage,
		Errors: []*apperror.Error{ErrNotFound, ErrBothHaveAccounts, ErrAccountMustStay, apperror.ErrInvalid},
	}, s.getPreview)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patients/merge", ID: "merge-patients", Tag: tag, Status: http.StatusCreated,
		Summary:  "Make one of two patients: all that the clinic has of the first is the second's from now on",
		Audience: httpapi.Member, Permission: auth.PatientManage,
		Errors: []*apperror.Error{ErrNotFound, ErrBothHaveAccounts, ErrAccountMustStay, ErrMergeOverlap, apperror.ErrInvalid},
	}, s.postMerge)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patient-merges", ID: "list-patient-merges", Tag: tag,
		Summary:  "The merges of the clinic, newest first",
		Audience: httpapi.Member, Permission: auth.PatientManage, Errors: []*apperror.Error{page.ErrSize, page.ErrSort},
	}, s.getMerges)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patient-merges/{id}/undo", ID: "undo-patient-merge", Tag: tag,
		Summary:  "Undo a merge within seven days: exactly the rows that were moved go back",
		Audience: httpapi.Member, Permission: auth.PatientManage, Errors: []*apperror.Error{ErrMergeNotFound, ErrUndoExpired, ErrUndone},
	}, s.postUndo)
}

type pairsInput struct {
	page.Query
}

// briefOutput is as much of a patient as two are told apart by.
type briefOutput struct {
	ID           string    `json:"id" format:"uuid"`
	FirstName    string    `json:"first_name"`
	LastName     string    `json:"last_name"`
	Email        *string   `json:"email"`
	Phone        *string   `json:"phone" doc:"E.164."`
	AccountState string    `json:"account_state" enum:"none,invited,active"`
	FileNumber   string    `json:"file_number"`
	BirthDate    *string   `json:"birth_date" format:"date"`
	CreatedAt    time.Time `json:"created_at"`
}

type pairOutput struct {
	Score  int         `json:"score" minimum:"80" maximum:"100"`
	Equal  []string    `json:"equal" nullable:"false" enum:"cnp,phone,name,birth_date"`
	First  briefOutput `json:"first" doc:"The older record."`
	Second briefOutput `json:"second"`
}

func brief(p Patient) briefOutput {
	out := briefOutput{
		ID: p.ID.String(), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, AccountState: p.AccountState,
		FileNumber: p.FileNumber, CreatedAt: p.CreatedAt,
	}
	if p.Phone != nil {
		number := p.Phone.E164()
		out.Phone = &number
	}
	if !p.BirthDate.IsZero() {
		day := p.BirthDate.String()
		out.BirthDate = &day
	}
	return out
}

func pairOf(p Pair) pairOutput {
	out := pairOutput{Score: p.Score, Equal: []string{}, First: brief(p.First), Second: brief(p.Second)}
	for _, one := range []struct {
		name  string
		equal bool
	}{{"cnp", p.CNP}, {"phone", p.Phone}, {"name", p.Name}, {"birth_date", p.Birth}} {
		if one.equal {
			out.Equal = append(out.Equal, one.name)
		}
	}
	return out
}

func (s *Service) getPairs(ctx context.Context, in *pairsInput) (page.Result[pairOutput], error) {
	found, err := s.Duplicates(ctx, in.Query)
	return page.Map(found, pairOf), err
}

type previewInput struct {
	From ID `query:"from" format:"uuid" required:"true"`
	Into ID `query:"into" format:"uuid" required:"true"`
}

type movedOutput struct {
	Table string `json:"table" doc:"What the rows are; a column that is not the patient's stands behind a dot."`
	Count int    `json:"count"`
}

type previewOutput struct {
	Moves []movedOutput `json:"moves" nullable:"false"`
}

func movesOf(counts map[string]int) []movedOutput {
	out := []movedOutput{}
	for _, table := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, movedOutput{Table: table, Count: counts[table]})
	}
	return out
}

func (s *Service) getPreview(ctx context.Context, in *previewInput) (previewOutput, error) {
	counts, err := s.Preview(ctx, in.From, in.Into)
	return previewOutput{Moves: movesOf(counts)}, err
}

type mergeInput struct {
	Body struct {
		From ID `json:"from_patient_id" format:"uuid" doc:"The record that is closed."`
		Into ID `json:"into_patient_id" format:"uuid" doc:"The record that stays."`
	}
}

type mergeOutput struct {
	ID        string        `json:"id" format:"uuid"`
	From      string        `json:"from_patient_id" format:"uuid"`
	Into      string        `json:"into_patient_id" format:"uuid"`
	FromName  string        `json:"from_name"`
	IntoName  string        `json:"into_name"`
	FromFile  string        `json:"from_file_number"`
	Moved     []movedOutput `json:"moved" nullable:"false"`
	MergedAt  time.Time     `json:"merged_at"`
	UndoUntil time.Time     `json:"undo_until"`
	UndoneAt  *time.Time    `json:"undone_at"`
}

func mergeOf(m Merge) mergeOutput {
	return mergeOutput{
		ID: m.ID.String(), From: m.From.String(), Into: m.Into.String(), FromName: m.FromName, IntoName: m.IntoName, FromFile: m.FromFile,
		Moved: movesOf(m.Moved), MergedAt: m.MergedAt, UndoUntil: m.UndoUntil, UndoneAt: m.UndoneAt,
	}
}

func (s *Service) postMerge(ctx context.Context, in *mergeInput) (mergeOutput, error) {
	m, err := s.Merge(ctx, in.Body.From, in.Body.Into)
	return mergeOf(m), err
}

type mergesInput struct {
	page.Query
	Into ID `query:"into_patient_id" format:"uuid"`
}

func (s *Service) getMerges(ctx context.Context, in *mergesInput) (page.Result[mergeOutput], error) {
	found, err := s.Merges(ctx, in.Query, in.Into)
	return page.Map(found, mergeOf), err
}

type undoInput struct {
	ID MergeID `path:"id" format:"uuid"`
}

func (s *Service) postUndo(ctx context.Context, in *undoInput) (mergeOutput, error) {
	m, err := s.Undo(ctx, in.ID)
	return mergeOf(m), err
}
