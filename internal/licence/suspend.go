package licence

import (
	"context"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// SuspendedTx implements scheduling.Suspended: the days from..to, in order, on which a specialist may not be offered because the last
// licence ended. Who is absent may be offered on all of them. Whether the clinic wants the rule is asked by the caller. One statement.
func (s *Service) SuspendedTx(ctx context.Context, tx *postgres.Tx, ids []specialist.ID, from, to civil.Date) (map[specialist.ID][]civil.Date, error) {
	all, err := periods(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := map[specialist.ID][]civil.Date{}
	for id, licences := range all {
		for day := from; !day.After(to); day = day.AddDays(1) {
			if ended(licences, day) {
				out[id] = append(out[id], day)
			}
		}
	}
	return out, nil
}
