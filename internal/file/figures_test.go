package file_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/blob"
	"github.com/restartix/platform/internal/blob/blobtest"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/file"
)

// hostile is one upload of U-1. Harmless content must survive, everything else must be refused or come out without its payload.
type hostile struct {
	name, declared string
	purpose        file.Purpose
	content        []byte
	// served tells that the content may be stored as it is, because it is only ever answered as an attachment.
	served bool
}

const payload = "<script>alert(document.domain)</script>"

func packed(text string) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return out.String()
}

// packedObjects is an object stream with one object in it.
func packedObjects(object, dictionary, content string) string {
	return fmt.Sprintf("9 0 obj\n<< /Type /ObjStm /N 1 /First 5 %s /Length %d >>\nstream\n%s\nendstream\nendobj %s", dictionary, len(content), content, object)
}

func hostileDocuments() []hostile {
	script := "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
	var out []hostile
	for i, objects := range []string{
		"4 0 obj\n" + script + "\nendobj",
		"4 0 obj\n<< /S/JavaScript/JS(app.alert) >>\nendobj",
		"4 0 obj\n<< /S /Java#53cript /J#53 (x) >>\nendobj",
		"4 0 obj\n<< /S /#4aavaScript >>\nendobj",
		"4 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj",
		"4 0 obj\n<< /S /L#61unch /Win << /F (calc) >> >>\nendobj",
		"4 0 obj\n<< /Names << /EmbeddedFiles 5 0 R >> >>\nendobj",
		"4 0 obj\n<< /Type /EmbeddedFile >>\nstream\nMZ\nendstream\nendobj",
		"4 0 obj\n<< /Subtype /RichMedia >>\nendobj",
		"4 0 obj\n<< /S /SubmitForm /F (http://x) >>\nendobj",
		"4 0 obj\n<< /S /ImportData >>\nendobj",
		"4 0 obj\n<< /S /GoToE >>\nendobj",
		"4 0 obj\n<< /S /Rendition /JS (x) >>\nendobj",
		"4 0 obj\n<< /AcroForm << /XFA 5 0 R >> >>\nendobj",
		"4 0 obj\n<< /Encrypt 5 0 R >>\nendobj",
		"4 0 obj\n<< /Length 60 >>\nstream\n7 0 obj << /S /JavaScript /JS (x) >> endobj\nendstream\nendobj",
		packedObjects("", "/Filter /FlateDecode", packed("7 0 "+script)),
		packedObjects("", "/Filter /FlateDecode", packed("7 0 << /S /Java#53cript >>")),
		packedObjects("", "/Filter [/ASCIIHexDecode /FlateDecode]", "3c3c"),
		packedObjects("", "/Filter /LZWDecode", "\x80\x0b"),
		packedObjects("", "/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", packed("7 0 x")),
		packedObjects("", "/Filter /FlateDecode", packed("7 0 "+strings.Repeat(" ", 200<<20))),
		"4 0 obj\n<< /Length 200 >>\nstream\n" + packedObjects("", "/Filter /FlateDecode", packed("7 0 "+script)) + "\nendstream\nendobj",
	} {
		out = append(out, hostile{fmt.Sprintf("document %d", i), "application/pdf", file.LicenceScan, paper(objects), false})
	}
	return append(out,
		hostile{"document behind a page", "application/pdf", file.LicenceScan, append([]byte("<html>"+payload), paper("")...), false},
		hostile{"page behind a document", "application/pdf", file.LicenceScan, append(paper(""), []byte(payload)...), false},
		hostile{"document cut short", "application/pdf", file.LicenceScan, []byte("%PDF-1.7\n1 0 obj"), false},
		hostile{"page inside a document", "application/pdf", file.LicenceScan, paper("% " + payload), true},
		hostile{"page inside a film", "video/mp4", file.ServiceAttachment, film(payload), true},
		hostile{"film that does not end", "video/mp4", file.ServiceAttachment, film("x")[:40], false},
		hostile{"film with a box too large", "video/mp4", file.ServiceAttachment, append(film("x"), 0xff, 0xff, 0xff, 0xff, 'f', 'r', 'e', 'e'), false},
		hostile{"picture in the container of films", "video/mp4", file.ServiceAttachment, []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"), false},
	)
}

func hostilePictures() []hostile {
	webp, _ := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	trailing := func(c []byte) []byte { return append(c, []byte(payload)...) }
	out := []hostile{
		{"PNG with a page behind it", "image/png", file.Avatar, trailing(pngOf(9, 9)), false},
		{"PNG with a page in a text", "image/png", file.Avatar, labelled(pngOf(9, 9), "tEXt", []byte("Comment\x00"+payload)), false},
		{"PNG with a page in EXIF", "image/png", file.Avatar, labelled(pngOf(9, 9), "eXIf", []byte("MM\x00*"+payload)), false},
		{"JPEG with PHP behind it", "image/jpeg", file.Avatar, append(jpegOf(9, 9), []byte("<?php system($_GET[0]); "+payload)...), false},
		{"JPEG with a page in a comment", "image/jpeg", file.Avatar, slices.Concat([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(payload) + 2)}, []byte(payload), jpegOf(9, 9)[2:]), false},
		{"WebP with a page behind it", "image/webp", file.Avatar, trailing(webp), false},
		{"WebP cut short", "image/webp", file.Avatar, webp[:20], false},
		{"PNG of 50,000 by 50,000", "image/png", file.LicenceScan, announcedPNG(50_000, 50_000, 8, 2), false},
		{"PNG wider than a cover", "image/png", file.Cover, announcedPNG(4097, 10, 8, 2), false},
		{"PNG of two bytes a colour", "image/png", file.LicenceScan, announcedPNG(4000, 4000, 16, 6), false},
		{"PNG without pixels", "image/png", file.Avatar, announcedPNG(10, 10, 8, 2), false},
		{"PNG of no size", "image/png", file.Avatar, announcedPNG(0, 10, 8, 2), false},
		{"JPEG cut short", "image/jpeg", file.Avatar, jpegOf(60, 60)[:200], false},
		{"nothing", "image/png", file.Avatar, nil, false},
	}
	for name, content := range map[string]string{
		"GIF with a script": "GIF89a/*\x00*/=1;" + payload, "BMP": "BM" + payload, "TIFF": "II*\x00\x08\x00\x00\x00" + payload, "TIFF tiles": "MM\x00*" + payload,
		"page": "<!doctype html>" + payload, "SVG": "<svg xmlns='http://www.w3.org/2000/svg'>" + payload + "</svg>",
		"SVG with a page":   "<svg><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>" + payload + "</body></foreignObject></svg>",
		"SVG with entities": "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg>&a;" + payload + "</svg>", "program": "MZ\x90" + payload, "ELF": "\x7fELF" + payload,
		"script": "#!/bin/sh\n" + payload, "EICAR": `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*",
		"archive": "PK\x03\x04" + payload, "archive of archives": "PK\x03\x04\x14\x00PK\x03\x04" + payload, "document of an office": "PK\x03\x04[Content_Types].xml" + payload,
		"old office": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + payload, "zero bytes": strings.Repeat("\x00", 500), "AVIF": "\x00\x00\x00\x18ftypavif" + payload,
	} {
		for _, as := range []string{"image/png", "image/jpeg", "application/pdf"} {
			out = append(out, hostile{name + " as " + as, as, file.LicenceScan, []byte(content), false})
		}
	}
	return out
}

type inspector func(content []byte, declared string, purpose file.Purpose) (string, []byte, error)

// passed answers the names of the hostile uploads that an inspector lets through with their payload, with another type than their own,
// or whose refusal is not one that people can read.
func passed(all []hostile, inspect inspector) []string {
	var out []string
	for _, h := range all {
		kind, stored, err := inspect(h.content, h.declared, h.purpose)
		refused := &apperror.Error{}
		switch {
		case errors.As(err, &refused):
		case err != nil:
			out = append(out, h.name+": "+err.Error())
		case kind != h.declared && (h.declared != "image/webp" || kind != "image/png" && kind != "image/jpeg"):
			out = append(out, h.name+" becomes "+kind)
		case !h.served && (bytes.Contains(stored, []byte(payload)) || bytes.Equal(stored, h.content)):
			out = append(out, h.name)
		}
	}
	return out
}

// peak is the largest memory that the process has taken, in MB; 0 where the system does not say.
func peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, _ := strconv.Atoi(strings.Fields(after)[0])
	return kilobytes >> 10
}

// TestFigureU1: hostile files are refused, come out without their payload, or are answered as an attachment that no browser runs.
// Seen red by an inspector that believes the announced type, and by one that looks at the first bytes alone.
func TestFigureU1(t *testing.T) {
	t.Parallel()
	all := append(hostileDocuments(), hostilePictures()...)
	before := peak(t)

	through := passed(all, file.Inspect)
	grown := peak(t) - before
	k := newKit(t, apitest.Options{})
	for _, h := range all {
		if h.served {
			through = append(through, k.runs(h)...)
		}
	}
	for _, name := range []string{"../../etc/passwd", `..\..\boot.ini`, "a\x00.png", "exe\u202egnp.doc", "a\r\nSet-Cookie: x.png", "..", "/", "\u2066\u2069"} {
		if clean := file.CleanName(name); strings.ContainsAny(clean, "/\\\x00\r\n\u202e\u2066") || clean == ".." {
			through = append(through, "name "+clean)
		}
	}

	verdict := "pass"
	if len(through) > 0 || grown > 256 || len(all) < 60 {
		verdict = "fail"
		t.Errorf("let through: %v; memory grew by %d MB; %d files", through, grown, len(all))
	}
	fmt.Printf("FIGURE U-1 through=%d/%d,memory=%dMB %s\n", len(through), len(all), grown, verdict)

	believing := func(content []byte, declared string, _ file.Purpose) (string, []byte, error) {
		return declared, content, nil
	}
	if got := passed(all, believing); len(got) < 60 {
		t.Errorf("planted fault was not noticed: an inspector that believes everything lets %d through", len(got))
	}
	glancing := func(content []byte, declared string, purpose file.Purpose) (string, []byte, error) {
		if _, _, err := file.Inspect(content, declared, purpose); errors.Is(err, file.ErrTypeMismatch) {
			return "", nil, err
		}
		return declared, content, nil
	}
	if got := passed(all, glancing); len(got) < 10 {
		t.Errorf("planted fault was not noticed: an inspector of first bytes lets %d through", len(got))
	}
}

// runs uploads content that may be stored as it is and answers what would let a browser run it.
func (k kit) runs(h hostile) []string {
	k.t.Helper()
	id, answer := k.put(k.AsAdmin(), string(h.purpose), "pagina.html", h.declared, h.content)
	if answer.Status != http.StatusOK {
		return []string{h.name + " is refused: " + answer.Raw}
	}
	got := k.AsAdmin().Get(link(k.AsAdmin(), id)).Must(http.StatusOK).Header
	var out []string
	for name, want := range map[string]string{
		"Content-Type": h.declared, "X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment;", "Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if !strings.HasPrefix(got.Get(name), want) {
			out = append(out, fmt.Sprintf("%s: %s is %q", h.name, name, got.Get(name)))
		}
	}
	return out
}

// sameKey is a store that has no final key: what is served is what a form can write.
type sameKey struct{ *blob.Store }

func (s sameKey) Healthy(context.Context) error                     { return nil }
func (s sameKey) Put(context.Context, string, string, []byte) error { return nil }
func (s sameKey) Delete(context.Context, string) error              { return nil }
func (s sameKey) Get(ctx context.Context, key string, first, last int64) (io.ReadCloser, error) {
	return s.Store.Get(ctx, strings.TrimSuffix(key, ".upload")+".upload", first, last)
}

// brokenForms counts what a form or a confirmation lets happen that it must not.
func (k kit) brokenForms() (broken []string) {
	k.t.Helper()
	admin, content := k.AsAdmin(), paper("% ten times more")
	fail := func(bad bool, what string) {
		if bad {
			broken = append(broken, what)
		}
	}
	u := k.begin(admin, "licence_scan", "a.pdf", "application/pdf", content)
	fail(k.send(u, bytes.Repeat(content, 10), nil) < 400, "ten times more is stored")
	fail(k.send(u, content[:20], nil) < 400, "less is stored")
	fail(k.send(u, content, map[string]string{"Content-Type": "text/html"}) < 400, "another type is stored")
	fail(k.send(u, content, map[string]string{"key": k.key(u.ID)}) < 400, "another key is stored")
	fail(k.send(u, content, map[string]string{"X-Amz-Signature": strings.Repeat("0", 64)}) < 400, "a wrong signature is accepted")
	fail(k.send(u, content, nil) != http.StatusNoContent, "the right form is refused")
	fail(k.api.Clinic("clinic-b").AsAdmin().Post("/v1/files/"+u.ID+"/confirm", nil).Status != http.StatusNotFound, "another clinic confirms")
	fail(k.Client(k.Member(auth.Admin)).Post("/v1/files/"+u.ID+"/confirm", nil).Status != http.StatusNotFound, "a colleague confirms")
	first := admin.Post("/v1/files/"+u.ID+"/confirm", nil).Must(http.StatusOK)
	again := bytes.Replace(content, []byte("ten times"), []byte("ten TIMES"), 1)
	fail(k.send(u, again, nil) != http.StatusNoContent, "the form ends early, so nothing is shown by what follows")
	second := admin.Post("/v1/files/"+u.ID+"/confirm", nil).Must(http.StatusOK)
	data := func(a apitest.Answer) string { return fmt.Sprint(apitest.Data[map[string]any](a)) }
	fail(data(first) != data(second), "the second confirmation differs")
	fail(admin.Get(link(admin, u.ID)).Must(http.StatusOK).Raw != string(content), "a form that is used again changes the file")
	changed := k.begin(admin, "licence_scan", "a.pdf", "application/pdf", content)
	fail(k.send(changed, again, nil) != http.StatusNoContent, "the right form is refused")
	fail(admin.Post("/v1/files/"+changed.ID+"/confirm", nil).Code() != "checksum_mismatch", "other bytes are confirmed")
	return broken
}

// TestFigureU2: a form stores exactly what was announced, and nothing that comes later changes what was confirmed.
// Seen red by a store without a final key, where the same check finds that a form used again changes the file.
func TestFigureU2(t *testing.T) {
	t.Parallel()

	broken := newKit(t, apitest.Options{}).brokenForms()

	verdict := "pass"
	if len(broken) > 0 {
		verdict = "fail"
		t.Error(broken)
	}
	fmt.Printf("FIGURE U-2 broken=%d/14 %s\n", len(broken), verdict)
	if got := newKit(t, apitest.Options{Storage: sameKey{blobtest.New(t)}}).brokenForms(); !slices.Contains(got, "a form that is used again changes the file") {
		t.Errorf("planted fault was not noticed: a store without a final key, %v", got)
	}
}

// keeping is a store that keeps what was uploaded instead of what was written anew.
type keeping struct{ *blob.Store }

func (s keeping) Healthy(context.Context) error { return nil }
func (s keeping) Put(ctx context.Context, key, contentType string, _ []byte) error {
	original, err := s.Get(ctx, key+".upload", 0, -1)
	if err != nil {
		return err
	}
	content, err := io.ReadAll(original)
	if err != nil {
		return err
	}
	return s.Store.Put(ctx, key, contentType, content)
}

// leaks answers what of a photograph, or of a name, is still told by what is stored and served.
func (k kit) leaks() (out []string) {
	k.t.Helper()
	admin := k.AsAdmin()
	for kind, content := range map[string][]byte{
		"image/jpeg": photograph(40, 30, 6), "image/png": labelled(labelled(pngOf(40, 30), "tEXt", []byte("Comment\x00"+canary)), "eXIf", []byte(canary)),
	} {
		id, answer := k.put(admin, "licence_scan", "Popescu Ion \u202e\"; filename=x.exe\r\n.jpg", kind, content)
		answer.Must(http.StatusOK)
		object, err := k.store.Get(k.t.Context(), k.key(id), 0, -1)
		if err != nil {
			k.t.Fatal(err)
		}
		stored, err := io.ReadAll(object)
		if err != nil {
			k.t.Fatal(err)
		}
		if bytes.Contains(stored, []byte("45.64")) || bytes.Contains(stored, []byte("Exif")) {
			out = append(out, kind+" tells where it was taken")
		}
		if strings.Contains(k.key(id), "Popescu") {
			out = append(out, "the key holds the name")
		}
		header := admin.With("Range", "bytes=0-1").Get(link(admin, id)).Must(http.StatusPartialContent).Header.Get("Content-Disposition")
		disposition, params, err := mime.ParseMediaType(header)
		if err != nil || disposition != "attachment" || strings.ContainsAny(header, "\r\n\u202e") || params["filename"] != `Popescu Ion "; filename=x.exe.jpg` {
			out = append(out, "the disposition is "+header)
		}
	}
	return out
}

// TestFigureU3: where a picture was taken is gone, names stay out of keys, and a name cannot break out of its header.
// Seen red by a store that keeps what was uploaded.
func TestFigureU3(t *testing.T) {
	t.Parallel()

	found := newKit(t, apitest.Options{}).leaks()

	verdict := "pass"
	if len(found) > 0 {
		verdict = "fail"
		t.Error(found)
	}
	fmt.Printf("FIGURE U-3 leaks=%d %s\n", len(found), verdict)
	if got := newKit(t, apitest.Options{Storage: keeping{blobtest.New(t)}}).leaks(); len(got) != 2 {
		t.Errorf("planted fault was not noticed: a store that keeps the upload, %v", got)
	}
}
