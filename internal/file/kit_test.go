package file_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"slices"
	"testing"

	"github.com/restartix/platform/internal/blob"
	"github.com/restartix/platform/internal/blob/blobtest"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// kit is an API with a clinic, on the test server's object store.
type kit struct {
	t   *testing.T
	api *apitest.API
	apitest.Clinic
	store *blob.Store
}

func newKit(t *testing.T, o apitest.Options) kit {
	t.Helper()
	api := apitest.Boot(t, o)
	return kit{t: t, api: api, Clinic: api.Clinic("clinic-a"), store: blobtest.New(t)}
}

// upload is the answer that begins an upload.
type upload struct {
	ID     string `json:"id"`
	Upload struct {
		URL    string            `json:"url"`
		Fields map[string]string `json:"fields"`
	} `json:"upload"`
}

func announce(purpose, name, contentType string, content []byte) map[string]any {
	sum := sha256.Sum256(content)
	return map[string]any{
		"purpose": purpose, "filename": name, "content_type": contentType, "size": len(content), "sha256": hex.EncodeToString(sum[:]),
	}
}

func (k kit) begin(c apitest.Client, purpose, name, contentType string, content []byte) upload {
	k.t.Helper()
	return apitest.Data[upload](c.Post("/v1/files", announce(purpose, name, contentType, content)).Must(http.StatusCreated))
}

// send posts the form as a browser does, with fields replaced, and answers the store's status.
func (k kit) send(u upload, content []byte, replaced map[string]string) int {
	k.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range u.Upload.Fields {
		if other, ok := replaced[name]; ok {
			value = other
		}
		if err := w.WriteField(name, value); err != nil {
			k.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "file")
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		k.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		k.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, u.Upload.URL, &body)
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		k.t.Fatal(err)
	}
	return answer.StatusCode
}

// put uploads and confirms, and answers the id and the confirmation.
func (k kit) put(c apitest.Client, purpose, name, contentType string, content []byte) (string, apitest.Answer) {
	k.t.Helper()
	u := k.begin(c, purpose, name, contentType, content)
	if status := k.send(u, content, nil); status != http.StatusNoContent {
		k.t.Fatalf("the store answers %d", status)
	}
	return u.ID, c.Post("/v1/files/"+u.ID+"/confirm", nil)
}

// link makes an address for the content.
func link(c apitest.Client, id string) string {
	return apitest.Data[struct {
		URL string `json:"url"`
	}](c.Get("/v1/files/" + id + "/download").Must(http.StatusOK)).URL
}

// key answers where the bytes of a file lie.
func (k kit) key(id string) string {
	k.t.Helper()
	var key string
	if err := k.api.DB.Super(k.t).QueryRow(k.t.Context(), "SELECT storage_key FROM files WHERE id = $1", id).Scan(&key); err != nil {
		k.t.Fatal(err)
	}
	return key
}

func (k kit) stored(key string) bool {
	k.t.Helper()
	_, err := k.store.Head(context.WithoutCancel(k.t.Context()), key)
	return err == nil
}

// drawing is a picture of one colour with another in its first corner.
func drawing(w, h int) *image.NRGBA {
	i := image.NewNRGBA(image.Rect(0, 0, w, h))
	for p := 0; p < len(i.Pix); p += 4 {
		copy(i.Pix[p:], []byte{20, 120, 90, 255})
	}
	for y := range max(1, h/4) {
		for x := range max(1, w/4) {
			i.SetNRGBA(x, y, color.NRGBA{R: 230, G: 30, B: 30, A: 255})
		}
	}
	return i
}

func pngOf(w, h int) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, drawing(w, h)); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func jpegOf(w, h int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, drawing(w, h), nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

const canary = "GPS-45.6427N-25.5887E"

// photograph is a JPEG as a telephone makes it: turned, with a place.
func photograph(w, h int, turn byte) []byte {
	tiff := slices.Concat([]byte("MM\x00*\x00\x00\x00\x08\x00\x02"),
		[]byte{0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0},
		[]byte{0x01, 0x0e, 0, 2, 0, 0, 0, byte(len(canary)), 0, 0, 0, 38}, []byte{0, 0, 0, 0}, []byte(canary))
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2))
	plain := jpegOf(w, h)
	return slices.Concat(plain[:2], head, segment, plain[2:])
}

// labelled is a PNG with one more chunk behind its header.
func labelled(content []byte, kind string, data []byte) []byte {
	const header = 8 + 25
	return slices.Concat(content[:header], chunk(kind, data), content[header:])
}

func chunk(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	body := append([]byte(kind), data...)
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}

// announcedPNG says that it has these sides and has no pixels.
func announcedPNG(w, h uint32, depth, colour byte) []byte {
	data := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(data, depth, colour, 0, 0, 0)), chunk("IDAT", []byte{0x78, 0x9c, 0x03, 0, 0, 0, 0, 1}), chunk("IEND", nil))
}

// paper is a document of one page with more objects.
func paper(objects string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n" +
		"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n" + objects +
		"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 4 >>\nstartxref\n200\n%%EOF\n")
}

// film is the shape of an MP4 without a picture in it.
func film(extra string) []byte {
	box := func(kind, data string) []byte {
		return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(data))), []byte(kind), []byte(data))
	}
	return slices.Concat(box("ftyp", "isom\x00\x00\x02\x00isomiso2avc1mp41"), box("moov", "\x00\x00\x00\x00"), box("mdat", extra))
}
