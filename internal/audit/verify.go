package audit

import (
	"bytes"
	"crypto/hmac"
	"fmt"

	"github.com/google/uuid"
)

// Kind is what a verification found.
type Kind string

// The answers of a verification, as product and operators name them.
const (
	OK         Kind = "ok"
	Altered    Kind = "altered"
	Gap        Kind = "gap"
	Order      Kind = "order"
	Truncated  Kind = "truncated"
	KeyUnknown Kind = "key_unknown"
)

// Finding is the answer for one organization: OK with counts, or the first thing that is wrong.
type Finding struct {
	Kind Kind
	// Rows and Anchors count what was checked and found right.
	Rows    int64
	Anchors int
	// Seq is the row the finding is about; for Truncated the last row that is there. Zero when OK.
	Seq int64
	// Anchor is set for Truncated: the last anchor whose rows are all there, 0 if not even the first is.
	Anchor int64
	// Key is set for KeyUnknown.
	Key string
}

// String is the line that operators see.
func (f Finding) String() string {
	switch f.Kind {
	case Altered:
		return fmt.Sprintf("altered seq %d", f.Seq)
	case Gap:
		return fmt.Sprintf("gap at %d", f.Seq)
	case Order:
		return fmt.Sprintf("order at %d", f.Seq)
	case Truncated:
		return fmt.Sprintf("truncated after anchor %d", f.Anchor)
	case KeyUnknown:
		return fmt.Sprintf("key unknown: %s at %d", f.Key, f.Seq)
	default:
		return fmt.Sprintf("ok: %d rows, %d anchors", f.Rows, f.Anchors)
	}
}

// Checkpoint is a row that is already trusted: verification goes on behind it. The zero Checkpoint is the beginning.
type Checkpoint struct {
	Seq    int64
	RowMAC []byte
}

// Verifier reads the rows of one organization in order of Seq and judges them. It keeps no rows, so a chain of any
// length can be read from a cursor. It is for one goroutine.
type Verifier struct {
	org     uuid.UUID
	keys    *Keys
	heads   []numberedHead
	start   int64
	seq     int64
	mac     []byte
	span    *Span
	finding Finding
	passed  int64 // number of the last anchor whose rows are all there
}

type numberedHead struct {
	Head
	number int64
}

// NewVerifier starts behind from. Anchors must come from ReadAnchors, which has checked them; those that do not speak
// of the organization are left aside. Without anchors, lost rows at the end cannot be noticed.
func NewVerifier(org uuid.UUID, keys *Keys, anchors []Anchor, from Checkpoint) *Verifier {
	v := &Verifier{org: org, keys: keys, start: from.Seq, seq: from.Seq, mac: from.RowMAC, finding: Finding{Kind: OK}}
	if from.Seq == 0 {
		v.mac = GenesisHash
	}
	for _, a := range anchors {
		for _, h := range a.Heads {
			if h.OrganizationID != org {
				continue
			}
			if h.Seq > from.Seq {
				v.heads = append(v.heads, numberedHead{h, a.Number})
			} else {
				v.passed = a.Number
			}
		}
	}
	v.span = NewSpan(org, from.Seq)
	return v
}

// Add judges the next row. It answers false once something is wrong; the rest of the chain then need not be read.
func (v *Verifier) Add(r *Row) bool {
	if v.finding.Kind != OK {
		return false
	}
	v.judge(r)
	if v.finding.Kind != OK {
		return false
	}
	v.seq, v.mac = r.Seq, r.RowMAC
	v.finding.Rows++
	v.span.Add(r.RowMAC)
	return v.passAnchors()
}

func (v *Verifier) judge(r *Row) {
	expected := v.seq + 1
	switch {
	case r.Seq < expected: // also the second of two rows with one number
		v.found(Order, r.Seq)
		return
	case r.Seq > expected:
		v.found(Gap, expected)
		return
	case r.OrganizationID != v.org:
		v.found(Altered, r.Seq)
		return
	}
	key, ok := v.keys.rows[r.KeyID]
	if !ok {
		v.found(KeyUnknown, r.Seq)
		v.finding.Key = r.KeyID
		return
	}
	switch {
	case !genuine(r, key):
		kind := Altered
		if displaced(r, key) {
			kind = Order
		}
		v.found(kind, r.Seq)
	case !bytes.Equal(r.PrevHash, v.mac):
		// The row is ours and bears its own number, but followed another one when it was written.
		v.found(Order, r.Seq)
	}
}

// passAnchors compares each anchor that ends at the current row.
func (v *Verifier) passAnchors() bool {
	for len(v.heads) > 0 && v.heads[0].Seq == v.seq {
		head := v.heads[0]
		// A verification that started inside the anchor's span has not seen all leaves; the last MAC still binds.
		whole := head.From >= v.start
		if !bytes.Equal(head.RowMAC, v.mac) || whole && !bytes.Equal(head.Root, v.span.Head().Root) {
			v.found(Altered, v.seq)
			return false
		}
		v.heads, v.passed = v.heads[1:], head.number
		v.finding.Anchors++
		v.span = NewSpan(v.org, v.seq)
	}
	return true
}

// Finish answers for the whole chain, after the last row.
func (v *Verifier) Finish() Finding {
	if v.finding.Kind == OK && len(v.heads) > 0 {
		v.found(Truncated, v.seq)
		v.finding.Anchor = v.passed
	}
	return v.finding
}

func (v *Verifier) found(kind Kind, seq int64) { v.finding.Kind, v.finding.Seq = kind, seq }

// genuine reports that the row's content and number are those that were chained with the key.
func genuine(r *Row, key []byte) bool {
	hash, err := r.payloadHash()
	if err != nil || !bytes.Equal(hash, r.PayloadHash) {
		return false
	}
	return hmac.Equal(r.RowMAC, rowMAC(key, r.PrevHash, r.Seq, r.PayloadHash))
}

// displacedWithin bounds the search for the number a row was written with. It only decides between two words, so a
// bound costs nothing but the better word.
const displacedWithin = 10_000

// displaced reports that the row is ours, whole, and was chained under another number: somebody exchanged rows.
func displaced(r *Row, key []byte) bool {
	for m := max(1, r.Seq-displacedWithin); m <= r.Seq+displacedWithin; m++ {
		if !hmac.Equal(r.RowMAC, rowMAC(key, r.PrevHash, m, r.PayloadHash)) {
			continue
		}
		there := *r
		there.Seq = m
		return genuine(&there, key)
	}
	return false
}
