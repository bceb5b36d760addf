package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/seal"
)

// sealer is what the checks below look at; the planted faults satisfy it too.
type sealer interface {
	Seal(plaintext []byte, place seal.AAD) (seal.Value, error)
	Open(v seal.Value, place seal.AAD) ([]byte, error)
	BlindIndex(org, purpose, normalised string) []byte
}

// careless forgets the parts of the place that keep names, which is the usual mistake: "the table is enough".
type careless struct {
	sealer
	keep func(seal.AAD) seal.AAD
}

func (c careless) Seal(p []byte, a seal.AAD) (seal.Value, error) { return c.sealer.Seal(p, c.keep(a)) }

func (c careless) Open(v seal.Value, a seal.AAD) ([]byte, error) { return c.sealer.Open(v, c.keep(a)) }

// oneIndex uses one index key for all clinics.
type oneIndex struct{ sealer }

func (o oneIndex) BlindIndex(_, purpose, n string) []byte { return o.sealer.BlindIndex("", purpose, n) }

// oneNonce hands out the same sealed bytes for every call.
type oneNonce struct {
	sealer
	first *seal.Value
}

func (o oneNonce) Seal(p []byte, a seal.AAD) (seal.Value, error) {
	if o.first.Cipher == nil {
		v, err := o.sealer.Seal(p, a)
		*o.first = v
		return v, err
	}
	return *o.first, nil
}

// movedValues seals n values and tries to open each in a place that differs in the row, the column, the table or the
// clinic. It answers how many opened; zero is the guarantee.
func movedValues(t *testing.T, s sealer, n int) int {
	t.Helper()
	opened := 0
	for i := range n {
		from := seal.AAD{Org: uuid.NewString(), Table: "patients", Column: "phone", Row: uuid.NewString()}
		v, err := s.Seal([]byte("+40722310450"), from)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(v, from); err != nil {
			t.Fatalf("value does not open in its own place: %v", err)
		}
		to := from
		switch i % 5 {
		case 0:
			to.Row = uuid.NewString()
		case 1:
			to.Column = "cnp"
		case 2:
			to.Org = uuid.NewString()
		case 3:
			to.Table = "guest_contacts"
		case 4: // the same letters, cut at another point
			to.Table, to.Column = "patient", "sphone"
		}
		if _, err := s.Open(v, to); err == nil {
			opened++
		}
	}
	return opened
}

// repeatedNonces seals n values and counts nonces that were seen before. Bytes 5 to 17 hold the nonce.
func repeatedNonces(t *testing.T, s sealer, n int) int {
	t.Helper()
	seen := make(map[[12]byte]struct{}, n)
	for range n {
		v, err := s.Seal(nil, place)
		if err != nil {
			t.Fatal(err)
		}
		seen[[12]byte(v.Cipher[5:17])] = struct{}{}
	}
	return n - len(seen)
}

// sharedIndexes counts phone numbers whose index is the same in two clinics, or for two purposes.
func sharedIndexes(s sealer, n int) int {
	shared := 0
	for i := range n {
		phone := fmt.Sprintf("+4072231%04d", i)
		a := s.BlindIndex("clinic-a", "phone", phone)
		if bytes.Equal(a, s.BlindIndex("clinic-b", "phone", phone)) || bytes.Equal(a, s.BlindIndex("clinic-a", "cnp", phone)) {
			shared++
		}
		if !bytes.Equal(a, s.BlindIndex("clinic-a", "phone", phone)) {
			shared++ // an index that changes is as useless as one that is shared
		}
	}
	return shared
}

// TestFigureE3 is the figure E-3: values cannot be moved, nonces do not repeat, indexes are the clinic's own.
// Seen red by the four planted faults below: a sealer that leaves the row out of the place, one that leaves the clinic
// out, one that repeats a nonce, and one index key for all clinics. Each makes the same check report at least one.
func TestFigureE3(t *testing.T) {
	ring := open(t, newDocument(t))

	moved := movedValues(t, ring, 1000)
	repeated := repeatedNonces(t, ring, 1_000_000)
	shared := sharedIndexes(ring, 1000)

	verdict := "pass"
	if moved+repeated+shared > 0 {
		verdict = "fail"
		t.Fail()
	}
	fmt.Printf("FIGURE E-3 moved=%d/1000,nonces=%d/1000000,indexes=%d/1000 %s\n", moved, repeated, shared, verdict)

	noRow := careless{ring, func(a seal.AAD) seal.AAD { a.Row = "-"; return a }}
	noOrg := careless{ring, func(a seal.AAD) seal.AAD { a.Org = "-"; return a }}
	if movedValues(t, noRow, 100) != 20 || movedValues(t, noOrg, 100) != 20 {
		t.Error("planted fault was not noticed: a place without row or clinic")
	}
	if repeatedNonces(t, oneNonce{ring, &seal.Value{}}, 10) == 0 {
		t.Error("planted fault was not noticed: repeated nonce")
	}
	if sharedIndexes(oneIndex{ring}, 10) == 0 {
		t.Error("planted fault was not noticed: one index key for all clinics")
	}
}

// wrongKeys starts with documents that do not belong to the database and counts those that Check lets through.
func wrongKeys(t *testing.T, check func(ring *seal.Ring, sample seal.Value) error) int {
	t.Helper()
	right := newDocument(t)
	sample, err := open(t, right).Sample()
	if err != nil {
		t.Fatal(err)
	}
	if err := open(t, right).Check(sample); err != nil {
		t.Fatalf("the right document was refused: %v", err)
	}
	rotated, err := seal.Rotate(right, created)
	if err != nil {
		t.Fatal(err)
	}
	if err := open(t, rotated).Check(sample); err != nil {
		t.Fatalf("the rotated document was refused: %v", err)
	}
	other := newDocument(t)
	mixed := mix(t, right, other)
	passed := 0
	for _, c := range []struct {
		doc    []byte
		sample seal.Value
	}{
		{other, sample}, // another key under the same version
		{mixed, sample}, // the right field key, another index key
		{right, seal.Value{Cipher: sample.Cipher, KeyVersion: 2}}, // a version that is not in the ring
		{right, seal.Value{Cipher: []byte("seal check"), KeyVersion: 1}},
		{right, seal.Value{}},
	} {
		if check(open(t, c.doc), c.sample) == nil {
			passed++
		}
	}
	return passed
}

// mix takes the field keys of one document and the index key of another.
func mix(t *testing.T, fields, index []byte) []byte {
	t.Helper()
	cut := func(doc []byte) int { return bytes.Index(doc, []byte(`"index"`)) }
	return append(bytes.Clone(fields[:cut(fields)]), index[cut(index):]...)
}

// TestFigureE5 is the part of E-5 that needs no process: wrong, foreign and missing keys are refused at the boot check.
// Seen red by a check that swallows the refusal, as "if the key is not there, go on" code would.
func TestFigureE5(t *testing.T) {
	t.Parallel()

	passed := wrongKeys(t, (*seal.Ring).Check)

	verdict := "pass"
	if passed > 0 {
		verdict = "fail"
		t.Fail()
	}
	fmt.Printf("FIGURE E-5/seal accepted=%d/5 %s\n", passed, verdict)

	lax := func(r *seal.Ring, v seal.Value) error {
		if err := r.Check(v); err != nil && !errors.Is(err, seal.ErrUnknownVersion) {
			return err
		}
		return nil
	}
	if wrongKeys(t, lax) == 0 {
		t.Error("planted fault was not noticed: an unknown version passes the boot check")
	}
}
