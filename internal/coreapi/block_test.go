package coreapi_test

import (
	"net/http"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// A block ends every device of the person in the same transaction, so that a later unblock does not bring them back.
func TestBlock_endsTheDevicesOfThePerson(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	clinic := api.Clinic("alpha")
	blocked, other := api.UserID(clinic.Member(auth.Specialist)), api.UserID(clinic.Admin)
	super := api.DB.Super(t)
	for _, user := range []string{blocked, blocked, other} {
		if _, err := super.Exec(t.Context(), `INSERT INTO login_sessions (id, user_id, app, amr, agent, created_at, last_used_at, expires_at)
			VALUES (gen_random_uuid(), $1, 'clinic', '{pwd}', 'Firefox', now(), now(), now() + interval '1 day')`, user); err != nil {
			t.Fatal(err)
		}
	}

	path := "/v1/admin/users/" + blocked
	api.AsSuperadmin().Patch(path, map[string]any{"blocked": true, "reason": "left the clinic"}).Must(http.StatusOK)
	api.AsSuperadmin().Patch(path, map[string]any{"blocked": false}).Must(http.StatusOK)

	var ended, open int
	if err := super.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE user_id = $1 AND revoked_reason = 'blocked'),
		count(*) FILTER (WHERE revoked_at IS NULL) FROM login_sessions`, blocked).Scan(&ended, &open); err != nil {
		t.Fatal(err)
	}
	if ended != 2 || open != 1 {
		t.Errorf("%d devices of the blocked person ended, %d open ones left; want 2 and the other person's", ended, open)
	}
}
