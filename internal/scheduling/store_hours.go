package scheduling

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// lockTimes lets changes of one specialist's times wait for each other until the transaction ends.
func lockTimes(ctx context.Context, tx *postgres.Tx, id specialist.ID) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('specialist_times ' || $1, 0))", id.String()); err != nil {
		return fmt.Errorf("lock times of specialist: %w", err)
	}
	return nil
}

// weeks reads the weekly hours of all the specialists in one statement.
func weeks(ctx context.Context, tx *postgres.Tx, ids []specialist.ID) (map[specialist.ID][]WorkingTime, error) {
	rows, err := tx.Query(ctx, `
		SELECT specialist_id, weekday, start_local, end_local FROM specialist_hours
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = ANY ($1::uuid[])
		 ORDER BY specialist_id, weekday, start_local, id`, ids)
	if err != nil {
		return nil, fmt.Errorf("read hours: %w", err)
	}
	out := map[specialist.ID][]WorkingTime{}
	var id specialist.ID
	var weekday, start, end int
	_, err = pgx.ForEachRow(rows, []any{&id, &weekday, &start, &end}, func() error {
		out[id] = append(out[id], WorkingTime{Weekday: weekday, Range: civil.Range{Start: civil.TimeOfDay(start), End: civil.TimeOfDay(end)}})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read hours: %w", err)
	}
	return out, nil
}

func replaceWeek(ctx context.Context, tx *postgres.Tx, id specialist.ID, times []WorkingTime) error {
	if _, err := tx.Exec(ctx, "DELETE FROM specialist_hours WHERE specialist_id = $1", id); err != nil {
		return fmt.Errorf("drop hours: %w", err)
	}
	var ids []ident.ID[WorkingTime]
	var weekdays, starts, ends []int
	for _, t := range times {
		ids, weekdays = append(ids, ident.New[WorkingTime]()), append(weekdays, t.Weekday)
		starts, ends = append(starts, int(t.Start)), append(ends, int(t.End))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO specialist_hours (id, organization_id, specialist_id, weekday, start_local, end_local)
		SELECT u.id, $1, $2, u.weekday, u.start_local, u.end_local
		  FROM unnest($3::uuid[], $4::integer[], $5::integer[], $6::integer[]) u(id, weekday, start_local, end_local)`,
		tx.Principal.OrgID, id, ids, weekdays, starts, ends)
	if postgres.Constraint(err) == "specialist_hours_no_overlap" {
		return ErrHoursOverlap
	}
	if err != nil {
		return fmt.Errorf("insert hours: %w", err)
	}
	return nil
}

const overrideColumns = "id, date, available, ranges, reason, group_id, created_at"

func listOverrides(ctx context.Context, tx *postgres.Tx, id specialist.ID, w page.Window, from, to civil.Date) (page.Result[DateOverride], error) {
	out := page.Result[DateOverride]{Window: w}
	args := pgx.NamedArgs{"id": id, "from": from, "to": to, "limit": w.Size, "offset": w.Offset()}
	const matching = ` FROM specialist_date_overrides WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = @id
		 AND (@from::date IS NULL OR date >= @from) AND (@to::date IS NULL OR date <= @to)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count overrides: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+overrideColumns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list overrides: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[DateOverride]); err != nil {
		return out, fmt.Errorf("list overrides: %w", err)
	}
	return out, nil
}

func overridesOfKind(ctx context.Context, tx *postgres.Tx, id specialist.ID, from, to civil.Date, available bool) ([]DateOverride, error) {
	rows, err := tx.Query(ctx, "SELECT "+overrideColumns+` FROM specialist_date_overrides
		WHERE specialist_id = $1 AND date BETWEEN $2 AND $3 AND available = $4 ORDER BY date, id`, id, from, to, available)
	if err != nil {
		return nil, fmt.Errorf("read overrides: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[DateOverride])
	if err != nil {
		return nil, fmt.Errorf("read overrides: %w", err)
	}
	return out, nil
}

// exceptions reads the overrides of all the specialists in one statement, as the engine wants them.
func exceptions(ctx context.Context, tx *postgres.Tx, ids []specialist.ID, from, to civil.Date) (map[specialist.ID]map[civil.Date][]Override, error) {
	rows, err := tx.Query(ctx, `
		SELECT specialist_id, date, available, ranges FROM specialist_date_overrides
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = ANY ($1::uuid[]) AND date BETWEEN $2 AND $3
		 ORDER BY specialist_id, date, available DESC, id`, ids, from, to)
	if err != nil {
		return nil, fmt.Errorf("read exceptions: %w", err)
	}
	out := map[specialist.ID]map[civil.Date][]Override{}
	var id specialist.ID
	var day civil.Date
	var available bool
	var ranges []civil.Range
	_, err = pgx.ForEachRow(rows, []any{&id, &day, &available, &ranges}, func() error {
		if out[id] == nil {
			out[id] = map[civil.Date][]Override{}
		}
		out[id][day] = append(out[id][day], Override{Available: available, Ranges: ranges})
		ranges = nil
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read exceptions: %w", err)
	}
	return out, nil
}

// writeOverrides inserts the days or adds to those that exist.
func writeOverrides(ctx context.Context, tx *postgres.Tx, id specialist.ID, days []DateOverride) error {
	batch := &pgx.Batch{}
	for _, o := range days {
		batch.Queue(`
			INSERT INTO specialist_date_overrides (id, organization_id, specialist_id, date, available, ranges, reason, group_id, created_at)
			VALUES (@id, @org, @specialist, @date, @available, @ranges, @reason, @group, @now)
			ON CONFLICT ON CONSTRAINT specialist_date_overrides_day_key
			DO UPDATE SET ranges = EXCLUDED.ranges, reason = EXCLUDED.reason, group_id = EXCLUDED.group_id`, pgx.NamedArgs{
			"id": o.ID, "org": tx.Principal.OrgID, "specialist": id, "date": o.Date, "available": o.Available, "ranges": o.Ranges,
			"reason": o.Reason, "group": o.GroupID, "now": o.CreatedAt,
		})
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write overrides: %w", err)
	}
	return nil
}

func deleteOverrides(ctx context.Context, tx *postgres.Tx, id specialist.ID, override OverrideID, group bool) ([]DateOverride, error) {
	rows, err := tx.Query(ctx, `
		DELETE FROM specialist_date_overrides
		 WHERE specialist_id = $1 AND (id = $2 OR $3 AND group_id = (SELECT o.group_id FROM specialist_date_overrides o
		       WHERE o.specialist_id = $1 AND o.id = $2))
		RETURNING `+overrideColumns, id, override, group)
	if err != nil {
		return nil, fmt.Errorf("delete overrides: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[DateOverride])
	if err != nil {
		return nil, fmt.Errorf("delete overrides: %w", err)
	}
	return out, nil
}
