package patient

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// What a merge refuses. ErrMerged carries merged_into.
var (
	ErrMerged           = apperror.New(apperror.Gone, "merged", "This record was merged into another one.")
	ErrBothHaveAccounts = apperror.New(apperror.Conflict, "both_have_accounts", "Both people sign in to the portal. Records of two people are not merged.")
	ErrAccountMustStay  = apperror.New(apperror.Conflict, "account_must_stay", "Only one of the two signs in to the portal. Keep that record.")
	ErrMergeOverlap     = apperror.New(apperror.Conflict, "merge_overlap", "Both records have a visit at the same time. Move or cancel one first.")
	ErrMergeNotFound    = apperror.New(apperror.NotFound, "patient_merge_not_found", "There is no such merge.")
	ErrUndoExpired      = apperror.New(apperror.Conflict, "undo_expired", "A merge can be undone for seven days.")
	ErrUndone           = apperror.New(apperror.Conflict, "merge_undone", "This merge was undone already, or the kept record was merged on.")
)

// MergeID identifies a merge.
type MergeID = ident.ID[Merge]

// Merge is two records of one person that became one. Moved counts the rows by table.
type Merge struct {
	ID       MergeID
	From     ID
	Into     ID
	FromName string
	IntoName string
	// FromFile is the file number of the closed record.
	FromFile  string
	Moved     map[string]int
	MergedAt  time.Time
	UndoUntil time.Time
	UndoneAt  *time.Time
}

// Preview counts, table by table, what a merge would move. It refuses what the merge would refuse, but for visits at the same time.
func (s *Service) Preview(ctx context.Context, from, into ID) (map[string]int, error) {
	var out map[string]int
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if from == into {
			return apperror.ErrInvalid.At("query.into", "is the same record")
		}
		out, err = previewMerge(ctx, tx, from, into)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("preview merge: %w", err)
	}
	return out, nil
}

// Merge closes the record from and points all that the clinic has of it at into.
func (s *Service) Merge(ctx context.Context, from, into ID) (Merge, error) {
	var out Merge
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if from == into {
			return apperror.ErrInvalid.At("body.into_patient_id", "is the same record")
		}
		// An open link of the closed record would still tie an account to it.
		revoked, err := revokeInvitations(ctx, tx, from)
		if err != nil {
			return err
		}
		for _, old := range revoked {
			s.Trail.RecordTx(ctx, tx, audit.Entry{
				Action: "update", EntityType: "patient_invitation", EntityID: old.String(), PatientID: from.UUID(),
				Changes: map[string]audit.Change{"revoked_at": {nil, tx.Now}},
			})
		}
		id := ident.New[Merge]()
		if err := merge(ctx, tx, id, from, into); err != nil {
			return err
		}
		if out, err = mergeByID(ctx, tx, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "transition", EntityType: "patient_merge", EntityID: id.String(), PatientID: into.UUID(),
			Changes: map[string]audit.Change{"from_patient_id": {nil, from.String()}, "moved": {nil, counted(out.Moved)}},
		})
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "patient_org_profile", EntityID: from.String(), PatientID: from.UUID(),
			Changes: map[string]audit.Change{"merged_into": {nil, into.String()}},
		})
		return s.Bus.PublishTx(ctx, tx, MergedFact{PatientID: into, FromPatientID: from})
	})
	if err != nil {
		return Merge{}, fmt.Errorf("merge patients: %w", err)
	}
	return out, nil
}

// Undo opens the closed record again and puts back exactly the rows that were moved.
func (s *Service) Undo(ctx context.Context, id MergeID) (Merge, error) {
	var out Merge
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if err = unmerge(ctx, tx, id); err != nil {
			return err
		}
		if out, err = mergeByID(ctx, tx, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "transition", EntityType: "patient_merge", EntityID: id.String(), PatientID: out.Into.UUID(),
			Changes: map[string]audit.Change{"undone_at": {nil, out.UndoneAt}},
		})
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "patient_org_profile", EntityID: out.From.String(), PatientID: out.From.UUID(),
			Changes: map[string]audit.Change{"merged_into": {out.Into.String(), nil}},
		})
		return s.Bus.PublishTx(ctx, tx, MergedFact{PatientID: out.Into, FromPatientID: out.From, Undone: true})
	})
	if err != nil {
		return Merge{}, fmt.Errorf("undo merge: %w", err)
	}
	return out, nil
}

// Merges lists the clinic's merges, newest first; a zero patient does not narrow it.
func (s *Service) Merges(ctx context.Context, q page.Query, into ID) (page.Result[Merge], error) {
	w, err := q.Check(mergeOrder())
	if err != nil {
		return page.Result[Merge]{}, err
	}
	out := page.Result[Merge]{Window: w}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out.Rows, out.Total, err = listMerges(ctx, tx, into, w)
		return err
	})
	if err != nil {
		return page.Result[Merge]{}, fmt.Errorf("list merges: %w", err)
	}
	return out, nil
}

// counted is the one text that the trail keeps of what was moved: tables and numbers.
func counted(moved map[string]int) string {
	text := ""
	for _, table := range slices.Sorted(maps.Keys(moved)) {
		text += fmt.Sprintf("%s %d; ", table, moved[table])
	}
	return text
}

// MergedFact tells that two records became one, or two again.
type MergedFact struct {
	PatientID     ID   `json:"patient_id"`
	FromPatientID ID   `json:"from_patient_id"`
	Undone        bool `json:"undone"`
}

// EventType implements event.Fact.
func (MergedFact) EventType() string { return "patient.merged" }

// Aggregate implements event.Fact.
func (e MergedFact) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }
