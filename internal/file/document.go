package file

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"io"
	"regexp"
)

const (
	// maxInflated bounds what all compressed parts of one document may unpack to.
	maxInflated = 96 * megabyte
	// trailerWithin is how far before the end a document must say that it ends.
	trailerWithin = 1024
)

// active are the names of what makes a document do more than show pages. Names may be written with #xx; they are read after that is undone.
var active = regexp.MustCompile(`/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|Rendition|XFA|Encrypt)(?:[\s/<>\[\]()%]|$)`)

// longNames are sought in every byte of the file, because a cross-reference may point into the middle of what looks like a picture. The
// short ones would be met there by chance.
var longNames = regexp.MustCompile(`/(JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|Rendition)(?:[\s/<>\[\]()%]|$)`)

// packedNames are sought in unpacked parts that may hold objects.
var packedNames = regexp.MustCompile(`/(JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|Rendition|XFA)(?:[\s/<>\[\]()%]|$)`)

var (
	escaped     = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
	streamStart = regexp.MustCompile(`stream\r?\n`)
	objectKeys  = regexp.MustCompile(`/First(?:[\s/<>\[\]()%]|$)`)
	filterKey   = regexp.MustCompile(`/(Filter|F)(?:[\s/<\[(%]|$)`)
	plainFlate  = regexp.MustCompile(`/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])`)
	parameters  = regexp.MustCompile(`/(DecodeParms|DP)(?:[\s/<\[(%]|$)`)
)

// checkDocument holds a PDF to what a scan or a printed page is: it begins and ends as one, and has no script, launch action, attached
// file, form that sends, or password. It does not follow the document's own table of contents, which is where readers differ: it looks
// at every byte, packed parts unpacked.
func checkDocument(content []byte) error {
	tail := content[max(0, len(content)-trailerWithin):]
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	if end < 0 || len(bytes.Trim(tail[end+len("%%EOF"):], "\x00 \t\r\n\f")) > 0 || !bytes.Contains(tail, []byte("startxref")) {
		return ErrTypeMismatch
	}
	if longNames.Match(unescape(content)) {
		return ErrActive
	}
	if err := checkStreams(content); err != nil {
		return err
	}
	if active.Match(unescape(outside(content))) {
		return ErrActive
	}
	return nil
}

// checkStreams looks into packed objects, wherever something that may be a stream begins, also inside of another one.
func checkStreams(content []byte) error {
	budget, previous := int64(maxInflated), 0
	for _, at := range streamStart.FindAllIndex(content, -1) {
		head := content[previous:at[0]]
		if bytes.HasSuffix(head, []byte("end")) {
			continue
		}
		previous = at[1]
		if dictionary := unescape(head); objectKeys.Match(dictionary) && !isPlain(dictionary) {
			return ErrActive
		}
		packed, left, err := inflate(content[at[1]:], budget)
		if err != nil {
			return err
		}
		if budget = left; packedNames.Match(unescape(packed)) {
			return ErrActive
		}
	}
	return nil
}

// outside is the document without what stands in its streams.
func outside(content []byte) []byte {
	out := make([]byte, 0, min(len(content), megabyte))
	for {
		at := streamStart.FindIndex(content)
		if at == nil {
			return append(out, content...)
		}
		out = append(out, content[:at[0]]...)
		rest := content[at[1]:]
		stop := bytes.Index(rest, []byte("endstream"))
		if stop < 0 {
			return append(out, rest...)
		}
		content = rest[stop+len("endstream"):]
	}
}

// isPlain reports that packed objects can be read by unpacking once: any other packing would hide them from this check.
func isPlain(dictionary []byte) bool {
	return !parameters.Match(dictionary) && (!filterKey.Match(dictionary) || plainFlate.Match(dictionary))
}

// inflate unpacks what begins here when it is packed the usual way and may hold objects, which begin with a number; pixels are left
// packed. It answers what may still be unpacked. Broken packing ends early, as it does for a reader.
func inflate(packed []byte, budget int64) (content []byte, left int64, err error) {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, budget, nil //nolint:nilerr // not packed this way: what stands there was read as it is
	}
	content = make([]byte, 256)
	n, _ := io.ReadFull(r, content) // a short or broken part is looked at as far as it goes
	content = bytes.TrimLeft(content[:n], "\x00 \t\r\n\f")
	if len(content) == 0 || content[0] != '%' && (content[0] < '0' || content[0] > '9') {
		return nil, budget - int64(n), nil
	}
	rest, _ := io.ReadAll(io.LimitReader(r, max(0, budget-int64(n))+1))
	if left = budget - int64(n) - int64(len(rest)); left < 0 {
		return nil, 0, ErrActive
	}
	return append(content, rest...), left, nil
}

// unescape undoes #xx in names.
func unescape(b []byte) []byte {
	if !bytes.ContainsRune(b, '#') {
		return b
	}
	return escaped.ReplaceAllFunc(b, func(code []byte) []byte {
		var out [1]byte
		_, _ = hex.Decode(out[:], code[1:]) // the pattern allows hexadecimal digits alone
		return out[:]
	})
}

// checkVideo walks the outer boxes of an MP4: they must fill the file exactly, with one that describes the film.
func checkVideo(content []byte) error {
	described := false
	for rest := content; len(rest) > 0; {
		if len(rest) < 8 {
			return ErrTypeMismatch
		}
		size := uint64(binary.BigEndian.Uint32(rest))
		kind := string(rest[4:8])
		switch size {
		case 0:
			size = uint64(len(rest))
		case 1:
			if len(rest) < 16 {
				return ErrTypeMismatch
			}
			size = binary.BigEndian.Uint64(rest[8:16])
		}
		if size < 8 || size > uint64(len(rest)) {
			return ErrTypeMismatch
		}
		described = described || kind == "moov"
		rest = rest[size:]
	}
	if !described {
		return ErrTypeMismatch
	}
	return nil
}
