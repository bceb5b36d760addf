package file_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/file"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Verifies DOC-11
func TestKey_refusesWhatIsNotTheClinicsOwn(t *testing.T) {
	t.Parallel()
	own, other := ident.New[ident.Organization](), ident.New[ident.Organization]()
	id, at := ident.New[ident.File](), time.Date(2026, 11, 24, 23, 30, 0, 0, time.FixedZone("", -3600))

	for name, try := range map[string]func() (string, error){
		"another clinic":    func() (string, error) { return file.Key(own, other, file.Avatar, at, id) },
		"platform content":  func() (string, error) { return file.Key(own, ident.OrgID{}, file.Avatar, at, id) },
		"a clinic's, by us": func() (string, error) { return file.Key(ident.OrgID{}, own, file.Avatar, at, id) },
		"a path":            func() (string, error) { return file.Key(own, own, "../x", at, id) },
		"a deeper path":     func() (string, error) { return file.Key(own, own, "avatar/../../x", at, id) },
		"no purpose":        func() (string, error) { return file.Key(own, own, "", at, id) },
		"no id":             func() (string, error) { return file.Key(own, own, file.Avatar, at, file.ID{}) },
		"no time":           func() (string, error) { return file.Key(own, own, file.Avatar, time.Time{}, id) },
	} {
		if key, err := try(); err == nil || key != "" {
			t.Errorf("%s: answers %q", name, key)
		}
	}
	if key, err := file.Key(own, own, file.Avatar, at, id); err != nil || key != "org/"+own.String()+"/avatar/2026/11/"+id.String() {
		t.Errorf("the own key is %q, %v", key, err)
	}
	if key, err := file.Key(ident.OrgID{}, ident.OrgID{}, file.Cover, at, id); err != nil || !strings.HasPrefix(key, "global/cover/2026/11/") {
		t.Errorf("the platform's key is %q, %v", key, err)
	}
}

// Verifies DOC-05
func TestUpload_isWhatItClaimsToBe(t *testing.T) {
	t.Parallel()
	k := newKit(t, apitest.Options{})
	admin := k.AsAdmin()
	content := append(pngOf(40, 30), make([]byte, 5<<20-len(pngOf(40, 30)))...) // 5 MB: a reader of pictures stops at their end

	large := k.begin(admin, "avatar", "poza.png", "image/png", content)
	if status := k.send(large, append(bytes.Clone(content), make([]byte, 1<<20)...), nil); status < 400 {
		t.Errorf("the store accepts 6 MB: %d", status)
	}
	if status := k.send(large, content, map[string]string{"Content-Type": "text/html"}); status < 400 {
		t.Errorf("the store accepts another type: %d", status)
	}
	if status := k.send(large, content, map[string]string{"key": k.key(large.ID)}); status < 400 {
		t.Errorf("the store accepts another key: %d", status)
	}
	admin.Post("/v1/files/"+large.ID+"/confirm", nil).Expect(http.StatusUnprocessableEntity, "upload_missing")
	if got := admin.Get("/v1/files/" + large.ID).Must(http.StatusOK).Raw; !strings.Contains(got, `"status":"pending"`) {
		t.Errorf("after a refused upload the file is %s", got)
	}

	program := append([]byte("MZ\x90\x00\x03"), make([]byte, 3000)...)
	disguised, answer := k.put(admin, "avatar", "poza.png", "image/png", program)
	answer.Expect(http.StatusUnprocessableEntity, "type_mismatch")
	if key := k.key(disguised); k.stored(key) || k.stored(key+".upload") {
		t.Error("the bytes of a rejected upload are still there")
	}
	admin.Post("/v1/files/"+disguised+"/confirm", nil).Expect(http.StatusUnprocessableEntity, "type_mismatch")

	id, first := k.put(admin, "avatar", "poza.png", "image/png", pngOf(40, 30))
	second := admin.Post("/v1/files/"+id+"/confirm", nil)
	data := func(a apitest.Answer) map[string]any { return apitest.Data[map[string]any](a.Must(http.StatusOK)) }
	a, b := data(first), data(second)
	if a["status"] != "ready" || a["width"] != 40.0 || a["sha256"] != b["sha256"] || a["row_version"] != b["row_version"] || a["confirmed_at"] != b["confirmed_at"] {
		t.Errorf("confirmed twice: %v and %v", a, b)
	}
	forgotten := k.begin(admin, "licence_scan", "licenta.pdf", "application/pdf", paper(""))
	if status := k.send(forgotten, paper(""), nil); status != http.StatusNoContent {
		t.Fatalf("the store answers %d", status)
	}
	key := k.key(forgotten.ID)
	k.sweep()
	if !k.stored(key + ".upload") {
		t.Error("an upload is swept before its day is over")
	}
	k.api.Move(k.api.Clock.Now().Add(24*time.Hour + time.Second))
	k.sweep()
	k.AsAdmin().Get("/v1/files/"+forgotten.ID).Expect(http.StatusNotFound, "file_not_found")
	if k.stored(key+".upload") || !k.stored(k.key(id)) {
		t.Error("the sweep left the upload, or took a file that was confirmed")
	}
}

// sweep runs the clinic's job.
func (k kit) sweep() {
	k.t.Helper()
	if err := k.api.App.Files().Sweep(auth.WithPrincipal(k.t.Context(), auth.SystemOf(k.ID))); err != nil {
		k.t.Fatal(err)
	}
}

// Verifies DOC-06
func TestDownload_isBoundToTheSession(t *testing.T) {
	t.Parallel()
	k := newKit(t, apitest.Options{})
	admin, content := k.AsAdmin(), paper("% "+strings.Repeat("x", 500))
	id, answer := k.put(admin, "licence_scan", "Licență \"2026\".pdf", "application/pdf", content)
	answer.Must(http.StatusOK)
	url := link(admin, id)

	whole := admin.Get(url).Must(http.StatusOK)
	part := admin.With("Range", "bytes=0-99").Get(url).Must(http.StatusPartialContent)

	if whole.Raw != string(content) || part.Raw != string(content[:100]) || part.Header.Get("Content-Range") == "" {
		t.Errorf("the parts are %d and %d bytes", len(whole.Raw), len(part.Raw))
	}
	if end := admin.With("Range", "bytes=-7").Get(url).Must(http.StatusPartialContent); end.Raw != string(content[len(content)-7:]) {
		t.Errorf("the end is %q", end.Raw)
	}
	admin.With("Range", "bytes=999999-").Get(url).Expect(http.StatusRequestedRangeNotSatisfiable)
	admin.With("If-None-Match", whole.ETag()).Get(url).Expect(http.StatusNotModified)
	colleague := k.Client(k.Member(auth.CustomerSupport))
	colleague.Get(url).Expect(http.StatusForbidden, "link_not_yours")
	admin.Get(strings.Replace(url, id, ident.New[ident.File]().String(), 1)).Expect(http.StatusForbidden, "link_not_yours")
	k.api.Anonymous().In(k.ID).Get(url).Expect(http.StatusUnauthorized)
	k.api.Clock.Advance(5*time.Minute + time.Second)
	admin.Get(url).Expect(http.StatusForbidden, "link_expired")
	admin.Delete("/v1/files/" + id).Expect(http.StatusNoContent)
	admin.Get("/v1/files/"+id).Expect(http.StatusNotFound, "file_not_found")
	key := k.key(id)
	k.sweep()
	if k.stored(key) {
		t.Error("the bytes of a deleted file are still there")
	}
}

func TestBegin_refusesBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	k := newKit(t, apitest.Options{Quiet: true})
	admin, specialist := k.AsAdmin(), k.Client(k.Member(auth.Specialist))
	ask := func(c apitest.Client, purpose, name, contentType string, size int) apitest.Answer {
		body := announce(purpose, name, contentType, nil)
		body["size"] = size
		return c.Post("/v1/files", body)
	}

	ask(admin, "avatar", "a.svg", "image/svg+xml", 10).Expect(http.StatusUnsupportedMediaType, "type_not_allowed")
	ask(admin, "avatar", "a.png", "image/png", 5<<20+1).Expect(http.StatusRequestEntityTooLarge, "file_too_large")
	ask(admin, "avatar", "a.png", "image/png", 0).Expect(http.StatusUnprocessableEntity, "validation_error")
	ask(admin, "avatar", strings.Repeat("ă", 256), "image/png", 10).Expect(http.StatusUnprocessableEntity, "validation_error")
	ask(admin, "passport", "a.png", "image/png", 10).Expect(http.StatusUnprocessableEntity, "validation_error")
	ask(specialist, "licence_scan", "a.pdf", "application/pdf", 10).Expect(http.StatusForbidden, "forbidden")
	got := ask(admin, "avatar", `..\..//etc/pas`+"\u202e"+`swd.png`, "image/png", 10).Must(http.StatusCreated)
	if !strings.Contains(got.Raw, `"filename":"passwd.png"`) {
		t.Errorf("the name is kept as %s", got.Raw)
	}
	mine := got.ID()
	specialist.Get("/v1/files/"+mine).Expect(http.StatusNotFound, "file_not_found")
	specialist.Post("/v1/files/"+mine+"/confirm", nil).Expect(http.StatusNotFound, "file_not_found")
	k.api.Clinic("clinic-b").AsAdmin().Get("/v1/files/"+mine).Expect(http.StatusNotFound, "file_not_found")
}

// A record takes the ready upload of whoever writes it, once.
func TestAttachTx_takesTheOwnReadyFileOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t, apitest.Options{})
	admin := k.AsAdmin()
	ready, answer := k.put(admin, "licence_scan", "a.pdf", "application/pdf", paper(""))
	answer.Must(http.StatusOK)
	pending := k.begin(admin, "licence_scan", "b.pdf", "application/pdf", paper("")).ID
	one, two := uuid.New(), uuid.New()
	attach := func(user, id, purpose string, owner uuid.UUID) error {
		ctx := auth.WithPrincipal(t.Context(), auth.Principal{
			Kind: auth.ActorUser, Role: auth.Admin, OrgID: k.ID, UserID: ident.Must[ident.User](user), Authenticated: true,
		})
		files := k.api.App.Files()
		return files.DB.InTx(ctx, func(tx *postgres.Tx) error {
			return files.AttachTx(ctx, tx, ident.Must[ident.File](id), purpose, "specialist_licence", owner)
		})
	}
	me, colleague := k.api.UserID(k.Admin), k.api.UserID(k.Member(auth.Admin))

	for name, try := range map[string]struct {
		got  error
		want string
	}{
		"pending":         {attach(me, pending, "licence_scan", one), "file_not_ready"},
		"another purpose": {attach(me, ready, "avatar", one), "file_not_found"},
		"not the own":     {attach(colleague, ready, "licence_scan", one), "file_not_found"},
		"unknown":         {attach(me, uuid.NewString(), "licence_scan", one), "file_not_found"},
	} {
		if try.got == nil || try.got.Error() != try.want {
			t.Errorf("%s: %v, want %s", name, try.got, try.want)
		}
	}
	if err := attach(me, ready, "licence_scan", one); err != nil {
		t.Fatalf("the own ready file: %v", err)
	}
	if err := attach(me, ready, "licence_scan", one); err != nil {
		t.Errorf("the same record again: %v", err)
	}
	if err := attach(me, ready, "licence_scan", two); err == nil || err.Error() != "file_not_found" {
		t.Errorf("a second record: %v", err)
	}
	admin.Delete("/v1/files/"+ready).Expect(http.StatusConflict, "file_in_use")
}

// A telephone stores pictures lying and says how to turn them; that word is lost, so the picture is turned.
func TestRedraw_turnsPicturesUpright(t *testing.T) {
	t.Parallel()
	for turn, corner := range map[byte]image.Point{1: {1, 1}, 2: {38, 1}, 3: {38, 18}, 4: {1, 18}, 5: {1, 1}, 6: {18, 1}, 7: {18, 38}, 8: {1, 38}} {
		_, stored, err := file.Inspect(photograph(40, 20, turn), "image/jpeg", file.LicenceScan)
		if err != nil {
			t.Fatalf("turn %d: %v", turn, err)
		}
		picture, _, err := image.Decode(bytes.NewReader(stored))
		if err != nil {
			t.Fatal(err)
		}
		if red, green, _, _ := picture.At(corner.X, corner.Y).RGBA(); red < green {
			t.Errorf("turn %d: the marked corner is not at %v of %v", turn, corner, picture.Bounds())
		}
	}
}
