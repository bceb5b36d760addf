package credit_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

func TestPlans_shape(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := func(kind string, members object) object {
		out := object{"name": "A plan", "type": kind, "price_minor": 60_000}
		for name, value := range members {
			out[name] = value
		}
		return out
	}
	for _, wrong := range []object{
		body("session_based", nil), body("session_based", object{"session_count": 6, "window_months": 3}), body("time_based", nil),
		body("time_based", object{"window_months": 3, "session_count": 6}), body("hybrid", object{"session_count": 6}),
		body("hybrid", object{"window_months": 3}), body("session_based", object{"session_count": 6, "session_share_pct": 50}),
	} {
		w.admin.Post("/v1/service-plans", wrong).Expect(http.StatusUnprocessableEntity, "plan_shape")
	}
	w.admin.Post("/v1/service-plans", body("session_based", object{"session_count": 6, "price_minor": -1})).Expect(http.StatusUnprocessableEntity, "validation_error")
	w.admin.Post("/v1/service-plans", body("session_based", object{"session_count": 6, "currency": "EUR"})).
		Expect(http.StatusUnprocessableEntity, "currency_not_allowed")
	made := w.admin.Post("/v1/service-plans", body("hybrid", object{"session_count": 6, "window_months": 3})).Must(http.StatusCreated)
	if got := apitest.Data[struct {
		Share int `json:"session_share_pct"`
	}](made); got.Share != 50 {
		t.Errorf("a hybrid plan earns %d %% by its sessions", got.Share)
	}
	// Another type brings its own share along, and the database knows the shapes too.
	path := "/v1/service-plans/" + made.ID()
	w.admin.Patch(path, object{"status": "published"}).Expect(http.StatusPreconditionRequired, "precondition_required")
	w.admin.With("If-Match", `"9"`).Patch(path, object{"status": "published"}).Expect(http.StatusPreconditionFailed, "precondition_failed")
	w.admin.With("If-Match", made.ETag()).Patch(path, object{"type": "session_based", "window_months": nil}).Must(http.StatusOK)
	if _, err := w.super.Exec(t.Context(), "UPDATE service_plans SET session_count = NULL"); err == nil || !strings.Contains(err.Error(), "service_plans_shape") {
		t.Errorf("a plan of sessions without a number: %v", err)
	}
}

// Verifies CORE-15: patients and visitors see what is published, and nothing else.
func TestPlans_whoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, members := range map[string]object{
		"public": {"is_public": true}, "member": {}, "draft": {"status": "draft", "is_public": true}, "old": {"status": "archived", "is_public": true},
	} {
		members["name"], members["session_count"] = name, 5
		w.plan(members)
	}
	for name, published := range map[string]bool{"pillow": true, "hidden": false} {
		w.admin.Post("/v1/products", object{"name": name, "price_minor": 9900, "published": published}).Must(http.StatusCreated)
	}
	names := func(a apitest.Answer) string {
		var out []string
		for _, p := range apitest.Data[[]struct{ Name string }](a) {
			out = append(out, p.Name)
		}
		return strings.Join(out, " ")
	}
	visitor, patient := w.api.Anonymous().In(w.clinic.ID), w.clinic.Client(w.clinic.Member(auth.Patient)).App(auth.Portal)
	public := visitor.Get("/v1/public/service-plans").Must(http.StatusOK)
	if got := names(public); got != "public" {
		t.Errorf("a visitor sees the plans %q", got)
	}
	for _, inner := range []string{"session_share_pct", "status", "row_version"} {
		if strings.Contains(public.Raw, inner) {
			t.Errorf("a visitor sees %s", inner)
		}
	}
	if plans, products := names(patient.Get("/v1/service-plans").Must(http.StatusOK)), names(patient.Get("/v1/products").Must(http.StatusOK)); plans != "member public" || products != "pillow" {
		t.Errorf("a patient sees the plans %q and the products %q", plans, products)
	}
	if got := names(w.desk.Get("/v1/service-plans?sort=-name").Must(http.StatusOK)); got != "public old member draft" {
		t.Errorf("the desk sees the plans %q", got)
	}
	w.desk.Post("/v1/service-plans", object{}).Expect(http.StatusForbidden, "forbidden")
}

func TestSale(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan, draft := w.plan(object{"session_count": 10}), w.plan(object{"session_count": 10, "status": "draft"})
	path, body := "/v1/service-plans/"+plan+"/enrollments", object{"patient_id": w.patient}
	w.desk.Post(path, body).Expect(http.StatusBadRequest, "idempotency_key_required")
	w.sell(draft, nil).Expect(http.StatusConflict, "plan_not_published")
	w.sell(plan, object{"patient_id": uuid.NewString()}).Expect(http.StatusNotFound, "patient_not_found")
	w.sell(plan, object{"price_minor": 80_000}).Expect(http.StatusUnprocessableEntity, "validation_error")
	w.sell(plan, object{"starts_on": "2020-01-01"}).Expect(http.StatusUnprocessableEntity, "validation_error")

	key := uuid.NewString()
	first := w.desk.With("Idempotency-Key", key).Post(path, body).Must(http.StatusCreated)
	again := w.desk.With("Idempotency-Key", key).Post(path, body).Must(http.StatusCreated)
	if first.ID() != again.ID() || w.events("service_plan.purchased") != 1 {
		t.Errorf("one key sold %s and %s", first.ID(), again.ID())
	}
	cheap := apitest.Data[bought](w.sell(plan, object{"price_minor": 80_000, "reason": "employee of a partner"}).Must(http.StatusCreated))
	if cheap.PriceMinor != 80_000 || cheap.sums() != "10/0/0" {
		t.Errorf("sold %+v", cheap)
	}
	has := apitest.Data[struct {
		Available int
		Plans     []bought
	}](w.desk.Get("/v1/patients/" + w.patient + "/entitlements").Must(http.StatusOK))
	if has.Available != 20 || len(has.Plans) != 2 {
		t.Errorf("the patient has %+v", has)
	}
	w.clinic.Client(w.clinic.Member(auth.Patient)).Get("/v1/patients/"+w.patient+"/entitlements").Expect(http.StatusNotFound, "patient_not_found")
	w.clinic.Client(w.clinic.Member(auth.Specialist)).Get("/v1/patients/"+w.patient+"/entitlements").Expect(http.StatusNotFound, "patient_not_found")
}

// Ten sessions used by hand; the eleventh is refused. Corrections, cancellation and refunds need the administrator and a reason.
func TestAdjust(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sold(w.plan(object{"session_count": 10}), nil)
	path := "/v1/patient-service-plans/" + id
	use := object{"available": -1, "consumed": 1, "reason": "came without appointment"}
	w.desk.Post(path+"/adjust", use).Expect(http.StatusForbidden, "forbidden")
	w.admin.Post(path+"/adjust", object{"available": -1, "reason": "short"}).Expect(http.StatusUnprocessableEntity, "validation_error")
	for range 10 {
		w.admin.Post(path+"/adjust", use).Must(http.StatusOK)
	}
	w.admin.Post(path+"/adjust", use).Expect(http.StatusPaymentRequired, "no_credit")
	p := w.read(id)
	var earned int64
	for _, minor := range p.recognised("adjust") {
		earned += minor
	}
	if p.sums() != "0/0/10" || p.Status != "exhausted" || earned != 100_000 {
		t.Errorf("%s, %s, earned %d", p.sums(), p.Status, earned)
	}
	w.admin.Post(path+"/adjust", object{"available": 1, "reason": "a gift of the clinic"}).Must(http.StatusOK)
	if p := w.read(id); p.sums() != "1/0/10" || p.Status != "active" {
		t.Errorf("after the gift %s, %s", p.sums(), p.Status)
	}
	w.admin.Post(path+"/refund", object{"amount_minor": 60_000, "reason": "moved to another town"}).Must(http.StatusOK)
	w.admin.Post(path+"/refund", object{"amount_minor": 40_001, "reason": "moved to another town"}).Expect(http.StatusConflict, "refund_too_high")
	w.admin.Post(path+"/cancel", object{"reason": "moved to another town"}).Must(http.StatusOK)
	w.admin.Post(path+"/cancel", object{"reason": "moved to another town"}).Expect(http.StatusConflict, "plan_cancelled")
	w.admin.Post(path+"/adjust", use).Expect(http.StatusConflict, "plan_cancelled")
	if p := w.read(id); p.sums() != "0/0/10" || p.Status != "cancelled" || p.recognised("refund")[0] != -60_000 {
		t.Errorf("after the end %s, %s", p.sums(), p.Status)
	}
}

// order is an order as the API shows one.
type order struct {
	ID, Status, Source string
	PlanID             *string `json:"patient_service_plan_id"`
	Allowed            []string
}

func (w *world) orders(query string) []order {
	w.t.Helper()
	return apitest.Data[[]order](w.desk.Get("/v1/patient-product-orders" + query).Must(http.StatusOK))
}

func (w *world) stock(product string) int {
	w.t.Helper()
	return apitest.Data[struct{ Stock int }](w.desk.Get("/v1/products/" + product).Must(http.StatusOK)).Stock
}

// Verifies CORE-11: a pillow comes with the cervical kit; a plan that is cancelled before the pillow was sent cancels its order.
func TestOrders_comeWithAPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pillow := w.admin.Post("/v1/products", object{"name": "Pernă cervicală", "price_minor": 9900, "stock_tracked": true, "stock": 1}).Must(http.StatusCreated)
	plan := w.plan(object{"name": "Kit cervical", "session_count": 5, "products": []object{{"product_id": pillow.ID(), "quantity": 1}}})
	id := w.sold(plan, nil)
	made := w.orders("?patient_id=" + w.patient)
	if len(made) != 1 || made[0].Status != "pending" || made[0].Source != "bundle" || made[0].PlanID == nil || *made[0].PlanID != id {
		t.Fatalf("ordered %+v", made)
	}
	if p := w.read(id); p.Entries[0].Kind != "purchase" || w.stock(pillow.ID()) != 0 {
		t.Errorf("the book begins with %s, %d in stock", p.Entries[0].Kind, w.stock(pillow.ID()))
	}
	w.sell(plan, nil).Expect(http.StatusConflict, "out_of_stock")
	if n := len(w.orders("")); n != 1 || w.events("service_plan.purchased") != 1 {
		t.Errorf("a sale that failed left %d orders", n)
	}
	w.admin.With("If-Match", pillow.ETag()).Delete("/v1/products/"+pillow.ID()).Expect(http.StatusPreconditionFailed, "precondition_failed")
	now := w.admin.Get("/v1/products/" + pillow.ID()).ETag()
	w.admin.With("If-Match", now).Delete("/v1/products/"+pillow.ID()).Expect(http.StatusConflict, "product_in_use")
	service := w.admin.Get("/v1/services/" + w.service).ETag()
	if used := w.admin.With("If-Match", service).Delete("/v1/services/"+w.service).Expect(http.StatusConflict, "service_in_use"); !strings.Contains(used.Raw, "Kit cervical") {
		t.Errorf("the refusal does not name the plan: %s", used.Raw)
	}

	w.admin.Post("/v1/patient-service-plans/"+id+"/cancel", object{"reason": "moved to another town"}).Must(http.StatusOK)
	if after := w.orders(""); after[0].Status != "cancelled" || w.stock(pillow.ID()) != 1 {
		t.Errorf("the order is %s, %d in stock", after[0].Status, w.stock(pillow.ID()))
	}

	sent := w.sold(plan, nil)
	w.move("?status=pending", "prepared", "shipped")
	w.admin.Post("/v1/patient-service-plans/"+sent+"/cancel", object{"reason": "moved to another town"}).Must(http.StatusOK)
	if after := w.orders("?status=shipped"); len(after) != 1 {
		t.Error("what was sent was cancelled")
	}
}

// move brings the one order that the query finds along a way, and answers its id.
func (w *world) move(query string, way ...string) string {
	w.t.Helper()
	id := w.orders(query)[0].ID
	for _, status := range way {
		w.desk.Post("/v1/patient-product-orders/"+id+"/status", object{"status": status}).Must(http.StatusOK)
	}
	return id
}

func TestOrders_ofTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	product := w.admin.Post("/v1/products", object{"name": "Bandă", "price_minor": 4500, "stock_tracked": true, "stock": 3}).Must(http.StatusCreated).ID()
	place := object{"patient_id": w.patient, "product_id": product, "quantity": 2}
	w.desk.Post("/v1/patient-product-orders", place).Must(http.StatusCreated)
	w.desk.Post("/v1/patient-product-orders", place).Expect(http.StatusConflict, "out_of_stock")
	id := w.move("", "prepared")
	path := "/v1/patient-product-orders/" + id + "/status"
	w.desk.Post(path, object{"status": "delivered"}).Expect(http.StatusConflict, "invalid_transition")
	w.move("", "handed_over")
	w.desk.Post(path, object{"status": "handed_over"}).Expect(http.StatusConflict, "invalid_transition")
	earned := func() (n int64) {
		if err := w.super.QueryRow(t.Context(), "SELECT COALESCE(sum(recognised_minor), 0) FROM entitlement_ledger WHERE order_id = $1", id).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if earned() != 9000 || w.events("product_order.fulfilled") != 1 {
		t.Errorf("handing over earned %d, told %d times", earned(), w.events("product_order.fulfilled"))
	}
	w.move("", "returned")
	if earned() != 0 || w.stock(product) != 3 {
		t.Errorf("after the return %d earned, %d in stock", earned(), w.stock(product))
	}
	// The way is held by the database too.
	if _, err := w.super.Exec(t.Context(), "UPDATE patient_product_orders SET status = 'pending'"); err == nil {
		t.Error("an order goes back")
	}
}
