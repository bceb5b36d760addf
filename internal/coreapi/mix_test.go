package coreapi_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// openLimits is an environment in which the rate limits do not shape a load.
func openLimits(t *testing.T) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "limits.json")
	doc := `{"user": {"requests": 1000000, "per": "1s"}, "ip": {"requests": 1000000, "per": "1s"}}`
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"LIMITS_FILE": file}
}

// mixer sends one clinic's share of the mixed requests, one after the other.
type mixer struct {
	t                   *testing.T
	random              *rand.Rand
	org, foreign        string
	adminID, memberID   string
	admin, member       apitest.Client
	requests            map[string]sent
	invitations, keys   []string
	domain, integration string
	n                   int
}

func newMixer(t *testing.T, api *apitest.API, number int, foreign string) *mixer {
	t.Helper()
	c := api.Clinic(fmt.Sprintf("mix-%d", number))
	p := c.Member(auth.Specialist)
	return &mixer{
		t: t, random: rand.New(rand.NewPCG(7, uint64(number))), org: c.ID.String(), foreign: foreign,
		adminID: api.UserID(c.Admin), memberID: api.UserID(p), admin: c.AsAdmin(), member: c.Client(p), requests: map[string]sent{},
	}
}

// call sends a request under an id of its own and keeps what came back.
func (m *mixer) call(as apitest.Client, method, path string, body any, mutates bool) apitest.Answer {
	return m.callAs(m.adminID, as, method, path, body, mutates)
}

func (m *mixer) callAs(actor string, as apitest.Client, method, path string, body any, mutates bool) apitest.Answer {
	id := uuid.NewString()
	a := as.With("X-Request-ID", id).Do(method, path, body)
	m.requests[id] = sent{actor: actor, org: m.org, mutates: mutates, answer: a}
	m.n++
	return a
}

func (m *mixer) path(tail string) string { return "/v1/organizations/" + m.org + tail }

// step sends the next request of the mix: changes of every kind, refusals of every kind, and reads.
func (m *mixer) step() {
	tag := fmt.Sprintf("%s-%d", m.org[24:], m.n)
	switch m.random.IntN(12) {
	case 0:
		current := m.call(m.admin, http.MethodGet, m.path(""), nil, false)
		m.call(m.admin.With("If-Match", current.ETag()), http.MethodPatch, m.path(""), map[string]any{"name": "Clinic " + tag}, true)
	case 1:
		m.call(m.admin.With("If-Match", `"99999"`), http.MethodPatch, m.path(""), map[string]any{"name": "stale"}, false)
	case 2, 3:
		m.invite(tag)
	case 4:
		role := []string{"specialist", "customer_support"}[m.random.IntN(2)]
		m.call(m.admin, http.MethodPatch, m.path("/members/"+m.memberID), map[string]any{"role": role}, false)
	case 5:
		m.call(m.admin, http.MethodPatch, "/v1/me", map[string]any{"name": "Name " + tag}, true)
	case 6:
		m.key(tag)
	case 7:
		m.keep()
	case 8:
		m.claim(tag)
	case 9:
		m.callAs(m.memberID, m.member, http.MethodPost, m.path("/access-keys"), map[string]any{"name": "no", "scopes": []string{"patients:read"}}, false)
	case 10:
		m.call(m.admin, http.MethodPatch, "/v1/organizations/"+m.foreign, map[string]any{"name": "theirs"}, false)
		m.call(m.admin, http.MethodPost, m.path("/members"), map[string]any{"email": "not an address", "role": "admin"}, false)
	case 11:
		m.callAs(m.memberID, m.member, http.MethodGet, "/v1/me", nil, false)
	}
}

func (m *mixer) invite(tag string) {
	if len(m.invitations) > 4 {
		id := m.invitations[0]
		if m.random.IntN(2) == 0 {
			m.call(m.admin, http.MethodPost, m.path("/invitations/"+id+"/resend"), nil, true)
			return
		}
		m.invitations = m.invitations[1:]
		m.call(m.admin, http.MethodDelete, m.path("/invitations/"+id), nil, true)
		return
	}
	a := m.call(m.admin, http.MethodPost, m.path("/members"), map[string]any{"email": tag + "@example.test", "role": "specialist"}, true)
	if a.Status < 300 {
		m.invitations = append(m.invitations, apitest.Data[struct {
			InvitationID string `json:"invitation_id"`
		}](a).InvitationID)
	}
}

func (m *mixer) key(tag string) {
	if len(m.keys) > 2 {
		id := m.keys[0]
		m.keys = m.keys[1:]
		m.call(m.admin, http.MethodDelete, m.path("/access-keys/"+id), nil, true)
		return
	}
	a := m.call(m.admin, http.MethodPost, m.path("/access-keys"), map[string]any{"name": tag, "scopes": []string{"patients:read"}}, true)
	if a.Status < 300 {
		m.keys = append(m.keys, a.ID())
	}
}

func (m *mixer) keep() {
	if m.integration != "" && m.random.IntN(2) == 0 {
		if m.call(m.admin, http.MethodDelete, m.path("/api-keys/"+m.integration), nil, true).Status < 300 {
			m.integration = ""
		}
		return
	}
	a := m.call(m.admin, http.MethodPost, m.path("/api-keys"), map[string]any{"service": "sms", "api_key": uuid.NewString()}, true)
	if a.Status < 300 {
		m.integration = "sms"
	}
}

func (m *mixer) claim(tag string) {
	if m.domain != "" {
		if m.call(m.admin, http.MethodDelete, m.path("/domains/"+m.domain), nil, true).Status < 300 {
			m.domain = ""
		}
		return
	}
	a := m.call(m.admin, http.MethodPost, m.path("/domains"), map[string]any{"domain": tag + ".example.com", "app": "clinic"}, true)
	if a.Status < 300 {
		m.domain = a.ID()
	}
}

// mixed runs total requests over the clinics while sessions of the database are killed, one after every killEvery requests.
func mixed(t *testing.T, api *apitest.API, mixers []*mixer, total, killEvery int) (requests map[string]sent, kills int) {
	t.Helper()
	turns := make(chan int)
	var killer, workers sync.WaitGroup
	killer.Go(func() { kills = killSessions(t, api.DB, turns, killEvery) })
	for _, m := range mixers {
		workers.Go(func() {
			for m.n*len(mixers) < total {
				m.step()
				turns <- 1
			}
		})
	}
	workers.Wait()
	close(turns)
	killer.Wait()
	requests = map[string]sent{}
	for _, m := range mixers {
		for id, r := range m.requests {
			requests[id] = r
		}
	}
	return requests, kills
}

// killSessions ends a session of the application in the middle of its transaction, which is what a killed process is to the database.
func killSessions(t *testing.T, d *pgtest.Database, turns <-chan int, every int) (kills int) {
	super := d.Super(t)
	seen := 0
	for range turns {
		if seen++; seen%every != 0 {
			continue
		}
		tag, err := super.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND usename = 'restartix_app' AND xact_start IS NOT NULL ORDER BY random() LIMIT 1`)
		if err != nil {
			t.Errorf("kill: %v", err)
			continue
		}
		kills += int(tag.RowsAffected())
	}
	return kills
}
