package file_test

import (
	"net/http"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// specialistOutput is what these tests look at of a specialist.
type specialistOutput struct {
	ID        string  `json:"id"`
	Avatar    *string `json:"avatar_file_id"`
	Signature *string `json:"signature_file_id"`
}

// A visitor sees a picture of a published specialist, and caches may keep it; what was there before is gone.
func TestPicture_followsItsOwner(t *testing.T) {
	t.Parallel()
	k := newKit(t, apitest.Options{})
	admin, visitor := k.AsAdmin(), k.api.Anonymous().In(k.ID)
	made := admin.Post("/v1/specialists", map[string]any{"name": "Ana Pop"}).Must(http.StatusCreated)
	person := "/v1/specialists/" + made.ID()
	picture := func() string {
		id, answer := k.put(admin, "avatar", "ana.png", "image/png", pngOf(64, 64))
		answer.Must(http.StatusOK)
		return id
	}
	first, second := picture(), picture()
	visitor.Get("/v1/public/files/"+first).Expect(http.StatusNotFound, "file_not_found")

	set := admin.With("If-Match", made.ETag()).Put(person+"/picture", map[string]any{"kind": "avatar", "file_id": first}).Must(http.StatusOK)

	if got := apitest.Data[specialistOutput](set).Avatar; got == nil || *got != first {
		t.Errorf("the picture is %v", got)
	}
	seen := visitor.Get("/v1/public/files/" + first).Must(http.StatusOK)
	if seen.Header.Get("Cache-Control") != "public, max-age=3600" || seen.Header.Get("Content-Type") != "image/png" || seen.Header.Get("Content-Disposition") != "" {
		t.Errorf("the picture comes with %v", seen.Header)
	}
	visitor.With("If-None-Match", seen.ETag()).Get("/v1/public/files/" + first).Expect(http.StatusNotModified)
	k.api.Clinic("clinic-b").AsAdmin().Get("/v1/public/files/"+first).Expect(http.StatusNotFound, "file_not_found")
	admin.With("If-Match", made.ETag()).Put(person+"/picture", map[string]any{"kind": "avatar", "file_id": second}).Expect(http.StatusPreconditionFailed)
	admin.With("If-Match", set.ETag()).Put(person+"/picture", map[string]any{"kind": "avatar", "file_id": second}).Must(http.StatusOK)
	visitor.Get("/v1/public/files/"+first).Expect(http.StatusNotFound, "file_not_found")
	admin.Get("/v1/files/"+first).Expect(http.StatusNotFound, "file_not_found")
	shown := admin.Get(person).Must(http.StatusOK)
	hidden := admin.With("If-Match", shown.ETag()).Patch(person, map[string]any{"scheduling_active": false}).Must(http.StatusOK)
	visitor.Get("/v1/public/files/"+second).Expect(http.StatusNotFound, "file_not_found")
	admin.With("If-Match", hidden.ETag()).Put(person+"/picture", map[string]any{"kind": "avatar", "file_id": nil}).Must(http.StatusOK)
}

// A signature is chosen by nobody but the person whose it is; the picture by that person and by administrators.
func TestPicture_signatureIsTheSpecialistsOwn(t *testing.T) {
	t.Parallel()
	k := newKit(t, apitest.Options{})
	admin, ana, dan := k.AsAdmin(), k.Member(auth.Specialist), k.Client(k.Member(auth.Specialist))
	made := admin.Post("/v1/specialists", map[string]any{"name": "Ana Pop", "user_id": k.api.UserID(ana)}).Must(http.StatusCreated)
	path := "/v1/specialists/" + made.ID() + "/picture"
	upload := func(c apitest.Client, purpose string) string {
		id, answer := k.put(c, purpose, "a.png", "image/png", pngOf(60, 20))
		answer.Must(http.StatusOK)
		return id
	}
	set := func(c apitest.Client, kind, id string) apitest.Answer {
		return c.With("If-Match", admin.Get("/v1/specialists/"+made.ID()).Must(http.StatusOK).ETag()).Put(path, map[string]any{"kind": kind, "file_id": id})
	}
	own := k.Client(ana)

	set(admin, "signature_image", upload(admin, "signature_image")).Expect(http.StatusForbidden, "forbidden")
	set(dan, "signature_image", upload(dan, "signature_image")).Expect(http.StatusForbidden, "forbidden")
	set(dan, "avatar", upload(dan, "avatar")).Expect(http.StatusForbidden, "forbidden")
	set(own, "signature_image", upload(own, "avatar")).Expect(http.StatusNotFound, "file_not_found")
	mine := upload(own, "signature_image")
	if got := apitest.Data[specialistOutput](set(own, "signature_image", mine).Must(http.StatusOK)).Signature; got == nil || *got != mine {
		t.Errorf("the signature is %v", got)
	}
	older := upload(admin, "avatar")
	set(admin, "avatar", older).Must(http.StatusOK)
	set(own, "avatar", upload(own, "avatar")).Must(http.StatusOK)
	admin.Get("/v1/files/"+older).Expect(http.StatusNotFound, "file_not_found")
	k.api.Anonymous().In(k.ID).Get("/v1/public/files/"+mine).Expect(http.StatusNotFound, "file_not_found")
	dan.Get("/v1/files/" + mine).Expect(http.StatusOK) // whoever reads the details reads the signature, which stands on documents
}
