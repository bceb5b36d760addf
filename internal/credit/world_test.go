package credit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/credit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

type object = map[string]any

// bought is a plan of a patient as the API shows one.
type bought struct {
	ID              string
	Status          string
	Available       int
	Reserved        int
	Consumed        int
	PriceMinor      int64   `json:"price_minor"`
	StartsOn        string  `json:"starts_on"`
	AccessEndsOn    *string `json:"access_ends_on"`
	CreditsExpireOn *string `json:"credits_expire_on"`
	Entries         []struct {
		Kind        string
		Available   int
		Recognised  int64  `json:"recognised_minor"`
		EffectiveOn string `json:"effective_on"`
	}
}

func (b bought) sums() string { return fmt.Sprintf("%d/%d/%d", b.Available, b.Reserved, b.Consumed) }

// recognised are the amounts of one kind, in order.
func (b bought) recognised(kind string) []int64 {
	var out []int64
	for _, e := range b.Entries {
		if e.Kind == kind {
			out = append(out, e.Recognised)
		}
	}
	return out
}

// world is a clinic that sells, with one patient.
type world struct {
	t                *testing.T
	api              *apitest.API
	clinic           apitest.Clinic
	admin, desk      apitest.Client
	service, patient string
	specialist       string
	deskID           ident.UserID
	super            *pgx.Conn
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, api: apitest.Boot(t, apitest.Options{Quiet: true, Environment: map[string]string{"DATABASE_POOL": "56"}})}
	w.super, w.clinic = w.api.DB.Super(t), w.api.Clinic("alpha")
	member := w.clinic.Member(auth.CustomerSupport)
	w.admin, w.desk = w.clinic.AsAdmin(), w.clinic.Client(member).App(auth.Clinic)
	w.deskID = ident.Must[ident.User](w.api.UserID(member))
	w.service = w.admin.Post("/v1/services", object{"name": "Kinetoterapie", "category": "therapy", "duration_min": 30, "published": true, "is_public": true}).
		Must(http.StatusCreated).ID()
	w.specialist = w.admin.Post("/v1/specialists", object{"name": "Dan"}).Must(http.StatusCreated).ID()
	w.patient = w.desk.Post("/v1/patients", object{"first_name": "Ana", "last_name": "Pop", "phone": "0722123456", "locale": "ro"}).
		Must(http.StatusCreated).ID()
	return w
}

// plan makes a published plan that pays for the service.
func (w *world) plan(members object) string {
	w.t.Helper()
	body := object{"name": "10 ședințe", "type": "session_based", "price_minor": 100_000, "status": "published", "services": []object{{"service_id": w.service, "credits": 1}}}
	for name, value := range members {
		body[name] = value
	}
	return w.admin.Post("/v1/service-plans", body).Must(http.StatusCreated).ID()
}

func (w *world) sell(plan string, members object) apitest.Answer {
	w.t.Helper()
	body := object{"patient_id": w.patient}
	for name, value := range members {
		body[name] = value
	}
	return w.desk.With("Idempotency-Key", uuid.NewString()).Post("/v1/service-plans/"+plan+"/enrollments", body)
}

func (w *world) sold(plan string, members object) string {
	w.t.Helper()
	return w.sell(plan, members).Must(http.StatusCreated).ID()
}

// sellOn sells past the endpoint, on a day that the test has moved the clock to.
func (w *world) sellOn(plan, starts string) string {
	w.t.Helper()
	p, err := w.api.App.Credit().Sell(w.asDesk(w.t.Context()), credit.Sale{
		Plan: ident.Must[catalog.Plan](plan), Patient: ident.Must[patient.Patient](w.patient), StartsOn: day(starts),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p.ID.String()
}

// look reads a plan past the endpoint.
func (w *world) look(id string) credit.Detail {
	w.t.Helper()
	d, err := w.api.App.Credit().Get(w.asDesk(w.t.Context()), ident.Must[credit.Plan](id))
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func sums(d credit.Detail) string {
	return fmt.Sprintf("%d/%d/%d", d.Balance.Available, d.Balance.Reserved, d.Balance.Consumed)
}

// recognised are the amounts of one kind, in order.
func recognised(d credit.Detail, kind credit.Kind) []int64 {
	var out []int64
	for _, e := range d.Entries {
		if e.Kind == kind {
			out = append(out, e.Recognised)
		}
	}
	return out
}

func (w *world) read(id string) bought {
	w.t.Helper()
	return apitest.Data[bought](w.desk.Get("/v1/patient-service-plans/" + id).Must(http.StatusOK))
}

// asDesk is a context of the clinic's desk, as a visit would hand it on.
func (w *world) asDesk(ctx context.Context) context.Context {
	return auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorUser, Role: auth.CustomerSupport, OrgID: w.clinic.ID, UserID: w.deskID})
}

func (w *world) asSystem() context.Context {
	return auth.WithPrincipal(w.t.Context(), auth.SystemOf(w.clinic.ID))
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// nextVisit numbers the half hours, so that no visit meets another.
var nextVisit atomic.Int64

// visit is an upcoming appointment of the patient.
func (w *world) visit() credit.VisitID {
	w.t.Helper()
	id := uuid.Must(uuid.NewV7())
	w.exec(`INSERT INTO appointments (id, organization_id, reference, patient_id, contact_name, specialist_id, service_id, modality, start_at, end_at,
			timezone, status, currency, price_source, duration_min, source, cancel_until)
		VALUES ($1, $2, upper(right($3, 8)), $4, 'Ana Pop', $5, $6, 'in_person', $7::timestamptz, $7::timestamptz + interval '30 minutes',
			'Europe/Bucharest', 'upcoming', 'RON', 'service', 30, 'staff', $7)`,
		id, w.clinic.ID, id.String(), w.patient, w.specialist, w.service, time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC).Add(time.Duration(nextVisit.Add(1))*30*time.Minute))
	return credit.VisitOf(id)
}

// in runs fn as the desk in one transaction, at the clock of the API. Who finds no connection free asks again: a full pool turns people
// away, and that is another figure.
func (w *world) in(ctx context.Context, fn func(ctx context.Context, tx *postgres.Tx) error) error {
	ctx = w.asDesk(ctx)
	for {
		err := w.api.DB.InTx(ctx, func(tx *postgres.Tx) error {
			tx.Now = w.api.Clock.Now().UTC()
			return fn(ctx, tx)
		})
		if !errors.Is(err, apperror.ErrUnavailable) || ctx.Err() != nil {
			return err
		}
	}
}

func (w *world) claim(visit credit.VisitID, on civil.Date) credit.Claim {
	return credit.Claim{
		Visit: visit, Patient: ident.Must[patient.Patient](w.patient), Service: ident.Must[catalog.Service](w.service), On: on,
	}
}

func (w *world) reserve(visit credit.VisitID, on civil.Date) error {
	return w.in(w.t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := w.api.App.Credit().ReserveTx(ctx, tx, w.claim(visit, on))
		return err
	})
}

func (w *world) consume(visit credit.VisitID) error {
	return w.in(w.t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := w.api.App.Credit().ConsumeTx(ctx, tx, visit)
		return err
	})
}

func (w *world) release(visit credit.VisitID) error {
	return w.in(w.t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := w.api.App.Credit().ReleaseTx(ctx, tx, visit)
		return err
	})
}
