package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/restartix/platform/internal/apperror"
)

// CursorLife is how long a feed can be continued (product/12 §2).
const CursorLife = 24 * time.Hour

// What a feed refuses.
var (
	ErrCursor        = apperror.New(apperror.BadRequest, "cursor_invalid", "This list cannot be continued from there. Start again.")
	ErrCursorExpired = apperror.New(apperror.Gone, "cursor_expired", "This list is too old to be continued. Start again.")
)

// FeedQuery is embedded in the input of every feed. Zero values mean the beginning and the default size.
type FeedQuery struct {
	Cursor   string `query:"cursor" maxLength:"500" doc:"next_cursor of the answer before."`
	PageSize int    `query:"page_size" doc:"Rows per answer, at most 100." default:"25"`
}

// Size answers the checked page size, or page_size_invalid.
func (q FeedQuery) Size() (int, error) {
	switch {
	case q.PageSize == 0:
		return DefaultSize, nil
	case q.PageSize < 1 || q.PageSize > MaxSize:
		return 0, ErrSize.At("query.page_size", "must be between 1 and 100")
	}
	return q.PageSize, nil
}

// Cursors seals places in feeds, so that a caller can neither make one up nor use one in another clinic, list or filter. It is
// immutable and safe for concurrent use.
type Cursors struct {
	key []byte
	now func() time.Time
}

// NewCursors needs a secret that all processes of the installation share.
func NewCursors(key []byte, now func() time.Time) Cursors { return Cursors{key: key, now: now} }

// Seal makes the cursor of a place. scope is everything that must be the same when the feed is continued.
func (c Cursors) Seal(scope, place string) string {
	body := binary.BigEndian.AppendUint64(nil, uint64(c.now().Unix())) //nolint:gosec // after 1970
	body = append(body, place...)
	return base64.RawURLEncoding.EncodeToString(append(c.mac(scope, body), body...))
}

// Open answers the place of a cursor of the same scope: cursor_invalid for anything else, cursor_expired for an old one.
func (c Cursors) Open(scope, cursor string) (place string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) < sha256.Size+8 {
		return "", ErrCursor
	}
	mac, body := raw[:sha256.Size], raw[sha256.Size:]
	if !hmac.Equal(mac, c.mac(scope, body)) {
		return "", ErrCursor
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(body)), 0) //nolint:gosec // ours, by the code above
	if c.now().Sub(made) > CursorLife {
		return "", ErrCursorExpired
	}
	return string(body[8:]), nil
}

func (c Cursors) mac(scope string, body []byte) []byte {
	h := hmac.New(sha256.New, c.key)
	// The length keeps "a" + "bc" apart from "ab" + "c".
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(scope)))) // hashes do not fail
	_, _ = h.Write([]byte(scope))
	_, _ = h.Write(body)
	return h.Sum(nil)
}
