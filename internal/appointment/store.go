package appointment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

// row is a visit as it is stored, with the names of the others.
type row struct {
	ID                ID                `db:"id"`
	Reference         string            `db:"reference"`
	Status            Status            `db:"status"`
	Start             time.Time         `db:"start_at"`
	End               time.Time         `db:"end_at"`
	Timezone          string            `db:"timezone"`
	SpecialistID      specialist.ID     `db:"specialist_id"`
	SpecialistName    *string           `db:"specialist_name"`
	ServiceID         catalog.ServiceID `db:"service_id"`
	ServiceName       *string           `db:"service_name"`
	PatientID         patient.ID        `db:"patient_id"`
	PatientName       *string           `db:"patient_name"`
	GuestID           patient.GuestID   `db:"guest_contact_id"`
	ContactName       *string           `db:"contact_name"`
	PhoneSealed       []byte            `db:"contact_phone_encrypted"`
	PhoneKey          *int32            `db:"contact_phone_key_version"`
	ContactEmail      *string           `db:"contact_email"`
	Locale            string            `db:"locale"`
	PriceMinor        *int64            `db:"price_minor"`
	Currency          string            `db:"currency"`
	PriceSource       string            `db:"price_source"`
	DurationMin       int               `db:"duration_min"`
	Modality          string            `db:"modality"`
	Note              *string           `db:"note"`
	Source            string            `db:"source"`
	CancelUntil       time.Time         `db:"cancel_until"`
	ConfirmedAt       *time.Time        `db:"confirmed_at"`
	ConfirmedOnBehalf bool              `db:"confirmed_on_behalf"`
	CancelledAt       *time.Time        `db:"cancelled_at"`
	CancelInitiator   *string           `db:"cancel_initiator"`
	CancelReason      *string           `db:"cancel_reason"`
	Late              bool              `db:"late"`
	CreatedAt         time.Time         `db:"created_at"`
	UpdatedAt         time.Time         `db:"updated_at"`
	RowVersion        int64             `db:"row_version"`
}

// visit is the row without what has to be opened or worked out.
func (r row) visit() Appointment {
	out := Appointment{
		ID: r.ID, Reference: r.Reference, Status: r.Status, Start: r.Start.UTC(), End: r.End.UTC(), Timezone: r.Timezone,
		SpecialistID: r.SpecialistID, ServiceID: r.ServiceID, ServiceName: r.ServiceName, PatientID: r.PatientID, PatientName: r.PatientName,
		GuestID: r.GuestID, ContactName: r.ContactName, ContactEmail: r.ContactEmail, Locale: r.Locale, PriceMinor: r.PriceMinor,
		Currency: r.Currency, PriceSource: r.PriceSource, DurationMin: r.DurationMin, Modality: r.Modality, Note: r.Note, Source: r.Source,
		CancelUntil: r.CancelUntil.UTC(), ConfirmedAt: r.ConfirmedAt, ConfirmedOnBehalf: r.ConfirmedOnBehalf, CancelledAt: r.CancelledAt,
		CancelInitiator: r.CancelInitiator, CancelReason: r.CancelReason, Late: r.Late, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		RowVersion: r.RowVersion,
	}
	if r.SpecialistName != nil {
		out.SpecialistName = *r.SpecialistName
	}
	return out
}

const columns = `a.id, a.reference, a.status, a.start_at, a.end_at, a.timezone, a.specialist_id, s.name AS specialist_name, a.service_id,
	v.name AS service_name, a.patient_id, p.first_name || ' ' || p.last_name AS patient_name, a.guest_contact_id, a.contact_name,
	a.contact_phone_encrypted, a.contact_phone_key_version, a.contact_email::text AS contact_email, a.locale, a.price_minor,
	a.currency::text AS currency, a.price_source, a.duration_min, a.modality, a.note, a.source, a.cancel_until, a.confirmed_at,
	a.confirmed_on_behalf, a.cancelled_at, a.cancel_initiator, a.cancel_reason, a.late, a.created_at, a.updated_at, a.row_version`

// withNames reads the names in the caller's own rights: what the caller may not see has none.
const withNames = `
	  LEFT JOIN specialists s ON s.organization_id = a.organization_id AND s.id = a.specialist_id
	  LEFT JOIN services v ON v.organization_id = a.organization_id AND v.id = a.service_id
	  LEFT JOIN LATERAL patient_profiles(ARRAY[a.patient_id]) p ON a.patient_id IS NOT NULL`

func order() page.Columns {
	return page.Columns{
		ByName:  map[string]string{"start_at": "a.start_at", "created_at": "a.created_at"},
		Default: "a.start_at ASC", TieBreak: "a.id",
	}
}

func byID(ctx context.Context, tx *postgres.Tx, id ID) (row, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM appointments a"+withNames+" WHERE a.id = $1 AND a.deleted_at IS NULL", id)
	if err != nil {
		return row{}, fmt.Errorf("read appointment: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])
	if postgres.IsNoRows(err) {
		return row{}, ErrNotFound
	}
	if err != nil {
		return row{}, fmt.Errorf("read appointment: %w", err)
	}
	return r, nil
}

func list(ctx context.Context, tx *postgres.Tx, f Find, w page.Window) ([]row, int, error) {
	const from = ` FROM appointments a
		WHERE a.organization_id = (SELECT current_app_org_id()) AND a.deleted_at IS NULL
		  AND (cardinality(@statuses::text[]) = 0 OR a.status = ANY (@statuses::text[]))
		  AND (@specialist::uuid IS NULL OR a.specialist_id = @specialist) AND (@patient::uuid IS NULL OR a.patient_id = @patient)
		  AND (@from::timestamptz IS NULL OR a.start_at >= @from) AND (@until::timestamptz IS NULL OR a.start_at <= @until)`
	args := pgx.NamedArgs{
		"statuses": texts(f.Statuses), "specialist": f.Specialist, "patient": f.Patient, "from": instant(f.From), "until": instant(f.Until),
		"limit": w.Size, "offset": w.Offset(),
	}
	total := 0
	if err := tx.QueryRow(ctx, "SELECT count(*)"+from, args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count appointments: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM (SELECT a.*"+from+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset) a"+
		withNames+" ORDER BY "+w.OrderBy, args)
	if err != nil {
		return nil, 0, fmt.Errorf("read appointments: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, 0, fmt.Errorf("read appointments: %w", err)
	}
	return out, total, nil
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = string(one)
	}
	return out
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// lock waits for whoever is changing the visit. A visit that the caller may not change is not there.
func lock(ctx context.Context, tx *postgres.Tx, id ID) error {
	var found bool
	err := tx.QueryRow(ctx, "SELECT true FROM appointments WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", id).Scan(&found)
	if postgres.IsNoRows(err) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("lock appointment: %w", err)
	}
	return nil
}

// lockSpecialists lets one transaction at a time book each of them, taken in the order of the ids.
func lockSpecialists(ctx context.Context, tx *postgres.Tx, ids []specialist.ID) error {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = "specialist:" + id.String()
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name); err != nil {
			return fmt.Errorf("lock specialist: %w", err)
		}
	}
	return nil
}

// insert answers false when the reference is taken.
func insert(ctx context.Context, tx *postgres.Tx, n newRow) (bool, error) {
	o := n.offered
	args := pgx.NamedArgs{
		"id": n.id, "org": tx.Principal.OrgID, "reference": n.reference, "patient": n.who.patient, "guest": n.who.guest,
		"name": n.who.name, "email": n.who.email, "locale": n.who.locale, "specialist": o.Specialist, "service": o.Service,
		"modality": n.create.Modality, "note": strings.TrimSpace(n.create.Note), "start": o.Start, "end": o.End, "zone": o.Timezone,
		"before": o.BufferBeforeMin, "after": o.BufferAfterMin, "status": string(n.who.status), "price": o.PriceMinor, "currency": o.Currency,
		"price_source": o.PriceSource, "duration": o.DurationMin, "source": n.create.Source, "assignment": assignmentOf(o),
		"policy": n.create.PolicyVersion, "until": n.cancelUntil, "phone": nil, "version": nil,
	}
	if n.phone != nil {
		args["phone"], args["version"] = n.phone.Cipher, n.phone.KeyVersion
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO appointments (id, organization_id, reference, patient_id, guest_contact_id, contact_name, contact_phone_encrypted,
			contact_phone_key_version, contact_email, locale, specialist_id, service_id, modality, note, start_at, end_at, timezone,
			buffer_before_min, buffer_after_min, status, price_minor, currency, price_source, duration_min, source, assignment,
			privacy_policy_version, cancel_until)
		VALUES (@id, @org, @reference, @patient, @guest, @name, @phone, @version, NULLIF(@email, ''), @locale, @specialist, @service,
			@modality, NULLIF(@note, ''), @start, @end, @zone, @before, @after, @status, @price, @currency, @price_source, @duration, @source,
			@assignment, NULLIF(@policy::integer, 0), @until)
		ON CONFLICT ON CONSTRAINT appointments_reference_key DO NOTHING`, args)
	if err != nil {
		return false, fmt.Errorf("insert appointment: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// assignmentOf is what the row remembers about how the specialist was found.
func assignmentOf(o scheduling.Offered) map[string]any {
	return map[string]any{"mode": o.Assignment, "candidates": o.Candidates, "chosen": o.Specialist}
}

func setOnboarded(ctx context.Context, tx *postgres.Tx, id ID, to patient.ID) error {
	_, err := tx.Exec(ctx, "UPDATE appointments SET status = 'upcoming', patient_id = $2 WHERE id = $1 AND status = 'booked'", id, to)
	if err != nil {
		return fmt.Errorf("onboard appointment: %w", err)
	}
	return nil
}

func setConfirmed(ctx context.Context, tx *postgres.Tx, id ID, onBehalf bool) error {
	_, err := tx.Exec(ctx, `
		UPDATE appointments SET status = 'confirmed', confirmed_at = $2, confirmed_by = $3, confirmed_on_behalf = $4 WHERE id = $1`,
		id, tx.Now, tx.Principal.UserID, onBehalf)
	if err != nil {
		return fmt.Errorf("confirm appointment: %w", err)
	}
	return nil
}

func setCancelled(ctx context.Context, tx *postgres.Tx, id ID, initiator, reason string, late bool) error {
	_, err := tx.Exec(ctx, `
		UPDATE appointments SET status = 'cancelled', cancelled_at = $2, cancelled_by = $3, cancel_initiator = $4,
		       cancel_reason = NULLIF($5, ''), late = $6 WHERE id = $1`,
		id, tx.Now, tx.Principal.UserID, initiator, strings.TrimSpace(reason), late)
	if err != nil {
		return fmt.Errorf("cancel appointment: %w", err)
	}
	return nil
}

// blocking are the states in which a visit keeps its specialist busy; the exclusion constraint names the same.
const blocking = "status IN ('booked', 'upcoming', 'confirmed', 'inprogress', 'done') AND deleted_at IS NULL"

func idTexts(ids []specialist.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// someFree refuses with slot_taken when every one of the specialists has a visit at the instant.
func someFree(ctx context.Context, tx *postgres.Tx, ids []specialist.ID, at time.Time) error {
	taken := 0
	err := tx.QueryRow(ctx, `
		SELECT count(DISTINCT specialist_id) FROM appointments
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = ANY ($1::uuid[]) AND busy_range @> $2::timestamptz AND `+blocking,
		idTexts(ids), at).Scan(&taken)
	if err != nil {
		return fmt.Errorf("look for visits: %w", err)
	}
	if taken >= len(ids) {
		return scheduling.ErrSlotTaken
	}
	return nil
}

// busy asks for the range twice: the overlap decides, but it is not leakproof, so that under row-level security no index may serve it. The
// starts may be served, and a visit with its buffers is shorter than the day on either side.
func busy(ctx context.Context, tx *postgres.Tx, ids []specialist.ID, from, to time.Time, leftOut ID) ([]scheduling.Block, error) {
	rows, err := tx.Query(ctx, `
		SELECT specialist_id, lower(busy_range), upper(busy_range) FROM appointments
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = ANY ($1::uuid[])
		   AND start_at > $2::timestamptz - interval '1 day' AND start_at < $3::timestamptz + interval '1 day'
		   AND busy_range && tstzrange($2, $3) AND id IS DISTINCT FROM $4::uuid AND `+blocking, idTexts(ids), from, to, leftOut)
	if err != nil {
		return nil, fmt.Errorf("read busy times: %w", err)
	}
	// There may be thousands: one place is read into for all of them, and the id comes as bytes, not as text.
	var (
		who [16]byte
		b   scheduling.Block
		out []scheduling.Block
	)
	_, err = pgx.ForEachRow(rows, []any{&who, &b.Start, &b.End}, func() error {
		b.Specialist = ident.From[specialist.Specialist](who)
		out = append(out, b)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read busy times: %w", err)
	}
	return out, nil
}

func future(ctx context.Context, tx *postgres.Tx, id specialist.ID) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT id::text FROM appointments
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = $1 AND end_at > $2
		   AND status IN ('booked', 'upcoming', 'confirmed', 'inprogress') AND deleted_at IS NULL
		 ORDER BY start_at, id`, id, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("read visits to come: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read visits to come: %w", err)
	}
	return out, nil
}

func lastBooked(ctx context.Context, tx *postgres.Tx, ids []specialist.ID) (map[specialist.ID]time.Time, error) {
	rows, err := tx.Query(ctx, `
		SELECT specialist_id, max(created_at) FROM appointments
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = ANY ($1::uuid[]) AND `+blocking+`
		 GROUP BY specialist_id`, idTexts(ids))
	if err != nil {
		return nil, fmt.Errorf("read last bookings: %w", err)
	}
	out := map[specialist.ID]time.Time{}
	var (
		id specialist.ID
		at time.Time
	)
	if _, err := pgx.ForEachRow(rows, []any{&id, &at}, func() error { out[id] = at; return nil }); err != nil {
		return nil, fmt.Errorf("read last bookings: %w", err)
	}
	return out, nil
}
