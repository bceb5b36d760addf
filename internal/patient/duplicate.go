package patient

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// Pair is two patients of the clinic who may be one person. Score is 80 to 100; the flags say what is equal.
type Pair struct {
	Score                   int
	CNP, Phone, Name, Birth bool
	First, Second           Patient
}

// Duplicates lists the pairs of the clinic's patients who may be one person, most likely first.
func (s *Service) Duplicates(ctx context.Context, q page.Query) (page.Result[Pair], error) {
	w, err := q.Check(pairOrder())
	if err != nil {
		return page.Result[Pair]{}, err
	}
	out := page.Result[Pair]{Window: w}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		rows, total, err := pairs(ctx, tx, w)
		if err != nil {
			return err
		}
		out.Total = total
		out.Rows, err = s.openPairs(ctx, tx, rows)
		return err
	})
	if err != nil {
		return page.Result[Pair]{}, fmt.Errorf("list duplicates: %w", err)
	}
	return out, nil
}

func (s *Service) openPairs(ctx context.Context, tx *postgres.Tx, rows []pairRow) ([]Pair, error) {
	ids := make([]ID, 0, 2*len(rows))
	for _, r := range rows {
		ids = append(ids, r.First, r.Second)
	}
	people, err := s.byIDsTx(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Pair, len(rows))
	for i, r := range rows {
		out[i] = Pair{
			Score: r.Score, CNP: r.SameCNP, Phone: r.SamePhone, Name: r.SameName, Birth: r.SameBirth,
			First: people[r.First], Second: people[r.Second],
		}
	}
	return out, nil
}

// byIDsTx reads patients by id; whoever the caller may not see is not in the answer.
func (s *Service) byIDsTx(ctx context.Context, tx *postgres.Tx, ids []ID) (map[ID]Patient, error) {
	rows, err := profilesByPatients(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	people, err := s.openAll(rows, tx.Principal.OrgID)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]Patient, len(people))
	for _, p := range people {
		out[p.ID] = p
	}
	return out, nil
}
