package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
)

// filled is how many visits the clinic of load/availability.js has (PF-2).
const filled = 100_000

// fillVisits gives each specialist of the service an equal share, eight a day at the full hours of work and half an hour long: those of the
// next 31 days are booked, and the others lie before and were cancelled, so that nothing of them is due.
const fillVisits = `
WITH offer AS (
    SELECT s.organization_id, s.id AS service_id, o.specialist_id,
           row_number() OVER (ORDER BY o.specialist_id) - 1 AS nth, count(*) OVER () AS specialists
    FROM services s JOIN service_specialists o ON o.organization_id = s.organization_id AND o.service_id = s.id
    WHERE s.name = 'Load, free times'
), visit AS (
    SELECT offer.*, k, date_trunc('day', now()) + make_interval(days => (31 - k / 8)::int, hours => (9 + k % 8)::int) AS start_at, k / 8 > 30 AS past
    FROM offer, generate_series(0, $1::bigint / specialists - 1) AS k
)
INSERT INTO appointments (id, organization_id, reference, contact_name, specialist_id, service_id, modality, start_at, end_at, timezone,
    status, currency, price_source, duration_min, source, cancel_until, cancelled_at, cancel_initiator)
SELECT gen_random_uuid(), organization_id, upper(lpad(to_hex(nth * $1::bigint + k), 8, '0')), 'Load', specialist_id, service_id, 'in_person',
    start_at, start_at + interval '30 minutes', 'UTC', CASE WHEN past THEN 'cancelled' ELSE 'booked' END, 'RON', 'service', 30, 'import', start_at,
    CASE WHEN past THEN start_at END, CASE WHEN past THEN 'system' END
FROM visit
WHERE NOT EXISTS (SELECT FROM appointments a WHERE a.service_id = visit.service_id)`

// fill makes the visits once, as the owner and past the API, which would take an hour for them.
func fill(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, os.Getenv("DATABASE_ADMIN_URL"))
	if err != nil {
		return errors.New("fill: the owner's database address does not answer")
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, fillVisits, filled); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	if _, err := conn.Exec(ctx, "ANALYZE appointments"); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	return nil
}
