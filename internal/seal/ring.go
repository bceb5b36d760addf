package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Errors of opening. Neither says anything about the plaintext, and both mean that nothing was returned.
var (
	// ErrUnknownVersion means that the ring does not hold the key version the value names.
	ErrUnknownVersion = errors.New("sealed value names an unknown key version")
	// ErrRefused means that the value was changed, was moved from its place, or was sealed by another key.
	ErrRefused = errors.New("sealed value does not open in this place")
)

// Ring seals, opens and indexes. It is safe for concurrent use. A ring that was opened with Follow learns versions that were added to its
// document later; one that was made with New never changes.
type Ring struct {
	held atomic.Pointer[keys]
	// load reads the document again; nil for a ring that never changes.
	load func() ([]byte, error)
}

// keys are what one reading of a document gives.
type keys struct {
	primary int32
	fields  map[int32]tink.AEAD
	index   *prf.Set
}

// New reads a key document made by Generate or Rotate. It refuses a document without a usable primary, with a doubled
// version, or with any key that is not of the expected kind; the error never quotes the document.
func New(doc []byte) (*Ring, error) {
	k, err := read(doc)
	if err != nil {
		return nil, err
	}
	r := &Ring{}
	r.held.Store(k)
	return r, nil
}

// Follow is New for a document that may gain versions while the process runs: load is called now, by Refresh, and when a value names a
// version that nobody told us of.
func Follow(load func() ([]byte, error)) (*Ring, error) {
	doc, err := load()
	if err != nil {
		return nil, err
	}
	r, err := New(doc)
	if err == nil {
		r.load = load
	}
	return r, err
}

// Refresh reads the document again. A document that cannot be read, or whose index key is another, changes nothing and is an error:
// every stored index would be lost.
func (r *Ring) Refresh() error {
	if r.load == nil {
		return nil
	}
	doc, err := r.load()
	if err != nil {
		return fmt.Errorf("reading keys again: %w", err)
	}
	k, err := read(doc)
	if err != nil {
		return fmt.Errorf("reading keys again: %w", err)
	}
	if !hmac.Equal(k.blindIndex("platform", "key_check", "sample"), r.BlindIndex("platform", "key_check", "sample")) {
		return errors.New("reading keys again: the index key is another one")
	}
	r.held.Store(k)
	return nil
}

func read(doc []byte) (*keys, error) {
	d, err := decode(doc)
	if err != nil {
		return nil, err
	}
	r := &keys{primary: d.Primary, fields: make(map[int32]tink.AEAD, len(d.Versions))}
	for _, v := range d.Versions {
		if v.ID < 1 {
			return nil, errors.New("key versions count from 1")
		}
		if _, doubled := r.fields[v.ID]; doubled {
			return nil, fmt.Errorf("key version %d occurs twice", v.ID)
		}
		if r.fields[v.ID], err = openFieldKey(v); err != nil {
			return nil, fmt.Errorf("reading key version %d: %w", v.ID, err)
		}
	}
	if _, ok := r.fields[d.Primary]; !ok {
		return nil, errors.New("key document has no key for its primary version")
	}
	if r.index, err = openIndexKey(d); err != nil {
		return nil, fmt.Errorf("reading index key: %w", err)
	}
	return r, nil
}

func openFieldKey(v version) (tink.AEAD, error) {
	handle, key, err := openKeyset(v.Keys)
	if err != nil {
		return nil, err
	}
	if !isFieldKey(key) {
		return nil, errors.New("key is not AES-256-GCM with a key id prefix")
	}
	return aead.New(handle)
}

func openIndexKey(d document) (*prf.Set, error) {
	handle, key, err := openKeyset(d.Index)
	if err != nil {
		return nil, err
	}
	if !isIndexKey(key) {
		return nil, errors.New("key is not HKDF-SHA256")
	}
	return prf.NewPRFSet(handle)
}

// Seal encrypts plaintext for one place under the primary key. An empty plaintext is sealed like any other, so that
// stored lengths do not tell empty from absent; absent is the caller's NULL.
func (r *Ring) Seal(plaintext []byte, place AAD) (Value, error) {
	aad, err := place.bytes()
	if err != nil {
		return Value{}, err
	}
	k := r.held.Load()
	cipher, err := k.fields[k.primary].Encrypt(plaintext, aad)
	if err != nil {
		return Value{}, fmt.Errorf("sealing %s.%s: %w", place.Table, place.Column, err)
	}
	return Value{Cipher: cipher, KeyVersion: k.primary}, nil
}

// Open decrypts a value that was sealed for exactly this place. It answers ErrUnknownVersion or ErrRefused, and never
// the stored bytes themselves.
func (r *Ring) Open(v Value, place AAD) ([]byte, error) {
	aad, err := place.bytes()
	if err != nil {
		return nil, err
	}
	field, ok := r.held.Load().fields[v.KeyVersion]
	if !ok && r.Refresh() == nil { // another process rotates
		field, ok = r.held.Load().fields[v.KeyVersion]
	}
	if !ok {
		return nil, fmt.Errorf("opening %s.%s: %w", place.Table, place.Column, ErrUnknownVersion)
	}
	plain, err := field.Decrypt(v.Cipher, aad)
	if err != nil {
		return nil, fmt.Errorf("opening %s.%s: %w", place.Table, place.Column, ErrRefused)
	}
	return plain, nil
}

// SealString is Seal for text.
func (r *Ring) SealString(plaintext string, place AAD) (Value, error) {
	return r.Seal([]byte(plaintext), place)
}

// OpenString is Open for text.
func (r *Ring) OpenString(v Value, place AAD) (string, error) {
	plain, err := r.Open(v, place)
	return string(plain), err
}

// BlindIndex answers 32 bytes that are equal for equal input within one clinic and one purpose, and unrelated
// otherwise. normalised must already be in the one form that lookups use (a phone as E.164, for example).
func (r *Ring) BlindIndex(org string, purpose string, normalised string) []byte {
	return r.held.Load().blindIndex(org, purpose, normalised)
}

func (r *keys) blindIndex(org string, purpose string, normalised string) []byte {
	// The derivation cannot fail: 32 bytes is below the limit of HKDF and the key was checked in New.
	clinicKey, err := r.index.ComputePrimaryPRF([]byte("blind-index\x00"+org), sha256.Size)
	if err != nil {
		panic(fmt.Sprintf("deriving the index key of a clinic: %v", err))
	}
	mac := hmac.New(sha256.New, clinicKey)
	mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(purpose)))) //nolint:gosec // purposes are our own short words
	mac.Write([]byte(purpose))
	mac.Write([]byte(normalised))
	return mac.Sum(nil)
}

var samplePlace = AAD{Org: "platform", Table: "key_check", Column: "sample", Row: "1"} //nolint:gochecknoglobals // never written

// sampleText names the index key too, so that a document with the right field key and a foreign index key is noticed.
func (r *Ring) sampleText() string {
	return "seal check " + base64.StdEncoding.EncodeToString(r.BlindIndex("platform", "key_check", "sample"))
}

// Sample makes the value that Check expects. It is stored once, when a database is first used with a ring.
func (r *Ring) Sample() (Value, error) { return r.SealString(r.sampleText(), samplePlace) }

// Check opens a stored Sample. A process that gets an error here must not serve: it holds the wrong keys, and whatever
// it sealed from now on would be lost to the right ones.
func (r *Ring) Check(sample Value) error {
	text, err := r.OpenString(sample, samplePlace)
	if err != nil {
		return fmt.Errorf("checking keys: %w", err)
	}
	if !hmac.Equal([]byte(text), []byte(r.sampleText())) {
		return errors.New("checking keys: the index key is not the one this database was filled with")
	}
	return nil
}

// Primary is the version that new values get; a stored value with another version is due for re-encryption.
func (r *Ring) Primary() int32 { return r.held.Load().primary }

// LogValue keeps key material out of logs.
func (*Ring) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String is a mark without content.
func (*Ring) String() string { return "[redacted]" }

// Format answers every verb with the mark.
func (*Ring) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }
