package live

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// crockford is the alphabet of a ULID.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// idLength is the length of a ULID in characters.
const idLength = 26

// position is the place of an entry: its id in the Redis stream, and the mark that tells it from an entry at the same place of another
// life of that stream.
type position struct {
	ms   uint64
	seq  uint32
	mark uint64 // 48 bits
}

// newMark makes the random part.
func newMark() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// readPosition joins a stream's entry id ("1700000000000-3") with a mark.
func readPosition(entry, mark string) (position, error) {
	ms, seq, ok := strings.Cut(entry, "-")
	if !ok {
		return position{}, fmt.Errorf("stream entry id %q", entry)
	}
	m, err1 := strconv.ParseUint(ms, 10, 48)
	s, err2 := strconv.ParseUint(seq, 10, 32)
	r, err3 := strconv.ParseUint(mark, 16, 48)
	if err1 != nil || err2 != nil || err3 != nil {
		return position{}, fmt.Errorf("stream entry id %q", entry)
	}
	return position{ms: m, seq: uint32(s), mark: r}, nil
}

// entry is the id in the Redis stream.
func (p position) entry() string { return fmt.Sprintf("%d-%d", p.ms, p.seq) }

// markText is the mark as it stands in the entry.
func (p position) markText() string { return fmt.Sprintf("%012x", p.mark) }

// String is the ULID.
func (p position) String() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], p.ms<<16|uint64(p.seq>>16))
	binary.BigEndian.PutUint64(b[8:], uint64(p.seq&0xffff)<<48|p.mark)
	high, low := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [idLength]byte
	for i := idLength - 1; i >= 0; i-- {
		out[i] = crockford[low&31]
		low = low>>5 | high<<59
		high >>= 5
	}
	return string(out[:])
}

// parsePosition reads a ULID of ours; anything else is no place.
func parsePosition(s string) (position, bool) {
	if len(s) != idLength || s[0] > '7' {
		return position{}, false
	}
	var high, low uint64
	for i := range idLength {
		v := strings.IndexByte(crockford, s[i])
		if v < 0 {
			return position{}, false
		}
		high = high<<5 | low>>59
		low = low<<5 | uint64(v)
	}
	return position{ms: high >> 16, seq: uint32(high&0xffff)<<16 | uint32(low>>48), mark: low & (1<<48 - 1)}, true
}
